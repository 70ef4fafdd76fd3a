using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        // A new handle each time, to a copy only where something changes or a copy is asked for.
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(new Device(deviceType, deviceIndex), null, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(null, type, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(device, type, copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => Converted(other.device, other.dtype, false, false, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(null, type, copy, disposeAfter, non_blocking);

        public Tensor cpu() => to(DeviceType.CPU);

        private Tensor Converted(Device? device, ScalarType? type, bool copy, bool disposeAfter, bool nonBlocking)
        {
            if (device is not null)
                InitializeDeviceType(device.type);
            var result = device is null
                ? Aten.Call("to.dtype", this, type, nonBlocking, copy)
                : Aten.Call("to.device", this, device, type ?? dtype, nonBlocking, copy);
            if (disposeAfter)
                Dispose();
            return result;
        }
    }
}
