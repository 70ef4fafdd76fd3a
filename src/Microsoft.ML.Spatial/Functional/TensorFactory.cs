using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>
/// The one place that makes tensors from nothing. Every method takes its device explicitly, so that no tensor lands on a device by default;
/// a test watches <see cref="Created"/>, and another holds that no other code calls a factory of torch.
/// </summary>
internal static class TensorFactory
{
    /// <summary>Told the device of every tensor made here.</summary>
    internal static event Action<Device>? Created;

    /// <summary>A tensor of unspecified values.</summary>
    internal static Tensor Empty(long[] shape, ScalarType dtype, Device device)
    {
        Created?.Invoke(device);
        return torch.empty(shape, dtype: dtype, device: device);
    }

    /// <summary>A tensor of zeros.</summary>
    internal static Tensor Zeros(long[] shape, ScalarType dtype, Device device)
    {
        Created?.Invoke(device);
        return torch.zeros(shape, dtype: dtype, device: device);
    }

    /// <summary>A tensor that holds a copy of <paramref name="data"/>, row major, in the dtype of its elements.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements than the data.</exception>
    internal static Tensor FromArray<T>(ReadOnlySpan<T> data, long[] shape, Device device) where T : unmanaged
    {
        long elements = shape.Aggregate(1L, (product, side) => checked(product * side));
        if (elements != data.Length)
            throw new ArgumentException($"A shape of [{string.Join(", ", shape)}] has {elements} elements, but data has {data.Length}.", nameof(shape));

        Created?.Invoke(device);
        var host = torch.empty(shape, dtype: DtypeOf<T>(), device: CPU);
        if (elements > 0)
            MemoryMarshal.AsBytes(data).CopyTo(host.bytes);
        if (device.type == DeviceType.CPU)
            return host;
        using (host)
            return host.to(device);
    }

    private static ScalarType DtypeOf<T>() =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : throw new NotSupportedException($"No tensor is made from elements of type {typeof(T)}; use float, double, long or byte.");
}
