using System.Numerics;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number as operators take it: an integer, a real or a boolean, whatever its width in C#.</summary>
public sealed class Scalar : IDisposable
{
    /// <summary>Outside the kinds that reach an operator: complex scalars can be read, not passed on.</summary>
    private const ValueKind ComplexKind = ValueKind.Default + 1;

    internal Scalar(ValueKind kind, long bits) => (Kind, Bits) = (kind, bits);

    private Scalar(double value)
        : this(ValueKind.Double, BitConverter.DoubleToInt64Bits(value))
    {
    }

    private Scalar(long value)
        : this(ValueKind.Int, value)
    {
    }

    private Scalar(Complex value)
        : this(ComplexKind, 0) => Complex = value;

    public ScalarType Type => Kind switch
    {
        ValueKind.Int => ScalarType.Int64,
        ValueKind.Bool => ScalarType.Bool,
        ValueKind.Double => ScalarType.Float64,
        _ => ScalarType.ComplexFloat64,
    };

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    private Complex Complex { get; }

    internal double Real => Kind switch
    {
        ValueKind.Double => BitConverter.Int64BitsToDouble(Bits),
        ComplexKind => Complex.Real,
        _ => Bits,
    };

    internal Complex Value => Kind == ComplexKind ? Complex : Real;

    internal long Integer => Kind is ValueKind.Int or ValueKind.Bool ? Bits : checked((long)Real);

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static implicit operator Scalar((float, float) value) => new(new Complex(value.Item1, value.Item2));
    public static implicit operator Scalar(Complex value) => new(value);

    /// <summary>Holds nothing that needs it.</summary>
    public void Dispose()
    {
    }
}
