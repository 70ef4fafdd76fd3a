using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckMovable(dtype);
                InitializeDeviceType(device.type);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA)
                    deviceIndex = -1;
                InitializeDeviceType(deviceType);
                if (deviceType != _deviceType || deviceIndex != _deviceIndex)
                    _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckMovable(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>Replaces parameters and buffers by moved ones, in the fields and properties that hold them too.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in named_children())
                {
                    if (device is null)
                        child._to(dtype!.Value, non_blocking);
                    else if (dtype is null)
                        child._to(device.type, device.index, non_blocking);
                    else
                        child._to(device, dtype.Value, non_blocking);
                }

                foreach (var (own, parameter) in named_parameters(false).ToList())
                {
                    if (ReplaceParameter(dtype, device, parameter, out var moved) && !SetProperty(own, moved))
                    {
                        parameter.Dispose();
                        ConditionallyRegisterParameter(own, moved);
                        SetField(own, moved);
                    }
                }

                foreach (var (own, buffer) in named_buffers(false).ToList())
                {
                    if (ReplaceBuffer(dtype, device, buffer, out var moved) && !SetProperty(own, moved))
                    {
                        ConditionallyRegisterBuffer(own, moved);
                        SetField(own, moved);
                    }
                }

                if (device is not null)
                    (_deviceType, _deviceIndex) = (device.type, device.index);
            }

            /// <summary>False where nothing changes.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var gradient = param.grad;
                if (!Changes(param, dtype, device) && (gradient is null || !Changes(gradient, dtype, device)))
                    return false;
                using (no_grad())
                {
                    p = new Parameter(Moved(param, dtype, device), param.requires_grad);
                    p.DetachFromDisposeScope();
                    if (gradient is not null)
                    {
                        using var movedGradient = Moved(gradient, dtype, device).with_requires_grad(gradient.requires_grad);
                        p.grad = movedGradient;
                    }
                }

                return true;
            }

            /// <summary>False where nothing changes; the old buffer is disposed of.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                if (!Changes(buffer, dtype, device))
                    return false;
                result = Moved(buffer, dtype, device).DetachFromDisposeScope();
                buffer.Dispose();
                return true;
            }

            private static void CheckMovable(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"A module can be converted to floating-point or complex types only, not to {dtype}.", nameof(dtype));
            }

            /// <summary>Integer tensors keep their type.</summary>
            private static ScalarType TypeFor(Tensor tensor, ScalarType? dtype) =>
                dtype is { } wanted && (tensor.is_floating_point() || tensor.is_complex()) ? wanted : tensor.dtype;

            private static bool Changes(Tensor tensor, ScalarType? dtype, Device? device) =>
                TypeFor(tensor, dtype) != tensor.dtype
                || (device is not null && (device.type != tensor.device_type || (device.index >= 0 && device.index != tensor.device_index)));

            private static Tensor Moved(Tensor tensor, ScalarType? dtype, Device? device) =>
                tensor.to(TypeFor(tensor, dtype), device ?? tensor.device, copy: true);

            private bool SetProperty(string component, Tensor? value)
            {
                if (GetType().GetProperty(component, BindingFlags.Instance | BindingFlags.Public) is not { } property)
                    return false;
                property.SetValue(this, value);
                return true;
            }

            private void SetField(string component, Tensor? value) =>
                FieldsOf(GetType()).FirstOrDefault(field => field.ComponentName() == component)?.SetValue(this, value);
        }
    }
}
