using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>An argument of an operator as our callers write it; a null becomes "none".</summary>
internal readonly struct Argument
{
    internal readonly ValueKind Kind;
    internal readonly long Bits;
    internal readonly object? Reference;

    private Argument(ValueKind kind, long bits = 0, object? reference = null) => (Kind, Bits, Reference) = (kind, bits, reference);

    internal static Argument None => default;

    public static implicit operator Argument(long value) => new(ValueKind.Int, value);
    public static implicit operator Argument(long? value) => value is { } number ? number : None;
    public static implicit operator Argument(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } number ? number : None;
    public static implicit operator Argument(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static implicit operator Argument(ScalarType value) => new(ValueKind.Int, (long)value);
    public static implicit operator Argument(ScalarType? value) => value is { } type ? type : None;
    public static implicit operator Argument(Scalar? value) => value is null ? None : new(value.Kind, value.Bits);
    public static implicit operator Argument(string? value) => Of(ValueKind.String, value);
    public static implicit operator Argument(Tensor? value) => Of(ValueKind.Tensor, value);
    public static implicit operator Argument(Tensor[]? value) => Of(ValueKind.TensorList, value);
    public static implicit operator Argument(long[]? value) => Of(ValueKind.IntList, value);
    public static implicit operator Argument(Device? value) => Of(ValueKind.Device, value);
    public static implicit operator Argument(Generator? value) => Of(ValueKind.Generator, value);

    private static Argument Of(ValueKind kind, object? value) => value is null ? None : new(kind, 0, value);
}
