using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Copies an array of any rank; the tensor has the array's shape.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static unsafe Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = new long[rawArray.Rank];
        for (var d = 0; d < shape.Length; d++)
            shape[d] = rawArray.GetLongLength(d);

        var own = TypeOf(rawArray);
        var tensor = empty(shape, own, names: names);
        var size = (ulong)(tensor.NumberOfElements * tensor.ElementSize);
        if (size > 0)
        {
            fixed (byte* source = &MemoryMarshal.GetArrayDataReference(rawArray))
                NativeMemory.Copy(source, (void*)tensor.DataPointer, (nuint)size);
        }

        var type = dtype ?? own;
        var place = InitializeDevice(device);
        if (type != own || place.type != DeviceType.CPU)
            tensor = tensor.to(type, place, disposeAfter: true);
        return Made(tensor, requires_grad);
    }

    private static ScalarType TypeOf(Array array) =>
        ElementTypes.TryGetValue(array.GetType().GetElementType()!, out var type)
            ? type
            : throw new ArgumentException($"An array of {array.GetType().GetElementType()} cannot become a tensor.", nameof(array));

    private static readonly Dictionary<Type, ScalarType> ElementTypes = new()
    {
        [typeof(byte)] = ScalarType.Byte,
        [typeof(sbyte)] = ScalarType.Int8,
        [typeof(short)] = ScalarType.Int16,
        [typeof(int)] = ScalarType.Int32,
        [typeof(long)] = ScalarType.Int64,
        [typeof(Half)] = ScalarType.Float16,
        [typeof(float)] = ScalarType.Float32,
        [typeof(double)] = ScalarType.Float64,
        [typeof(bool)] = ScalarType.Bool,
        [typeof((float, float))] = ScalarType.ComplexFloat32,
        [typeof(System.Numerics.Complex)] = ScalarType.ComplexFloat64,
    };
}
