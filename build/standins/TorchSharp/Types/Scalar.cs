using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number as operators take it: an integer, a real or a boolean, whatever its width in C#.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(ValueKind kind, long bits) => (Kind, Bits) = (kind, bits);

    private Scalar(double value)
        : this(ValueKind.Double, BitConverter.DoubleToInt64Bits(value))
    {
    }

    private Scalar(long value)
        : this(ValueKind.Int, value)
    {
    }

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static implicit operator Scalar((float, float) value) => new Complex(value.Item1, value.Item2);
    public static implicit operator Scalar(Complex value) =>
        throw new NotSupportedException("Complex scalars are not supported here; use a complex tensor.");

    /// <summary>Holds nothing that needs it.</summary>
    public void Dispose()
    {
    }
}
