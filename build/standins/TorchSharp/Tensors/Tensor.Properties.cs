using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Properties.Dimensions;

        public long NumberOfElements => Properties.Elements;

        public long ElementSize => Properties.ElementSize;

        public ScalarType dtype => (ScalarType)Properties.Type;

        public DeviceType device_type => (DeviceType)Properties.DeviceType;

        public int device_index => Properties.DeviceIndex;

        public Device device
        {
            get
            {
                var properties = Properties;
                return new Device((DeviceType)properties.DeviceType, properties.DeviceIndex);
            }
        }

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* pinned = sizes)
                    bridge_sizes(Handle, pinned);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public bool requires_grad
        {
            get => Properties.RequiresGrad != 0;
            set => Aten.InPlace("requires_grad_", this, value);
        }

        /// <summary>A new handle each time; null where there is no gradient.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = bridge_gradient(Handle);
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                Check(bridge_set_gradient(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        private unsafe TensorProperties Properties
        {
            get
            {
                TensorProperties properties;
                Check(bridge_properties(Handle, &properties));
                GC.KeepAlive(this);
                return properties;
            }
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* pinned = strides)
                bridge_strides(Handle, pinned);
            GC.KeepAlive(this);
            return strides;
        }

        public bool is_contiguous() => Properties.IsContiguous != 0;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
}
