using System.Numerics;
using TorchSharp.Utils;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU; valid as long as the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                    throw new NotImplementedException("The bytes of a tensor that is not contiguous cannot be had; call contiguous() first.");
                var length = NumberOfElements * ElementSize;
                if (length > int.MaxValue)
                    throw new ArgumentException($"The tensor has {length} bytes, and a span holds at most {int.MaxValue}.");
                return new Span<byte>((void*)DataPointer, (int)length);
            }

            set
            {
                var target = bytes;
                if (target.Length != value.Length)
                    throw new ArgumentException($"The tensor has {target.Length} bytes, and {value.Length} were given.");
                value.CopyTo(target);
            }
        }

        /// <summary>The first element's address; zero where there are no elements.</summary>
        internal nint DataPointer
        {
            get
            {
                var properties = Properties;
                if (properties.DeviceType != (int)DeviceType.CPU)
                    throw new InvalidOperationException($"The tensor is on device '{device}'; its elements can be read on the CPU only: call cpu() first.");
                var pointer = properties.Elements == 0 ? 0 : Check(bridge_data(Handle));
                GC.KeepAlive(this);
                return pointer;
            }
        }

        /// <summary>The elements, seen as T, which must be what the tensor's type is in C#.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            var expected = ElementTypeOf(dtype);
            return typeof(T) == expected
                ? new TensorAccessor<T>(this)
                : throw new ArgumentException($"A tensor of type {dtype} holds elements of type {expected.Name}, not {typeof(T).Name}.");
        }

        /// <summary>The only element.</summary>
        public T item<T>()
            where T : unmanaged
        {
            CheckSingle();
            return data<T>()[0];
        }

        /// <summary>The element type in C# that a tensor of this type is read as.</summary>
        internal static Type ElementTypeOf(ScalarType type) => type switch
        {
            ScalarType.Byte => typeof(byte),
            ScalarType.Int8 => typeof(sbyte),
            ScalarType.Int16 => typeof(short),
            ScalarType.Int32 => typeof(int),
            ScalarType.Int64 => typeof(long),
            ScalarType.Bool => typeof(bool),
            ScalarType.Float16 => typeof(Half),
            ScalarType.Float32 or ScalarType.BFloat16 => typeof(float),
            ScalarType.Float64 => typeof(double),
            ScalarType.ComplexFloat32 => typeof((float, float)),
            _ => typeof(Complex),
        };

        private void CheckSingle()
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"The tensor has {NumberOfElements} elements where exactly one is wanted.");
        }
    }
}
