using System.Globalization;

namespace Microsoft.ML.Spatial.Data;

/// <summary>A box in pixels of its image, from (X0, Y0) to (X1, Y1); the ends are exclusive, so that the width is X1 - X0.</summary>
internal readonly record struct Box(double X0, double Y0, double X1, double Y1)
{
    /// <summary>Numbers of a box in a vector of boxes.</summary>
    public const int Numbers = 4;

    /// <summary>A box of a vector of boxes.</summary>
    /// <param name="numbers">x0, y0, x1, y1 of each in turn.</param>
    /// <param name="index">Which.</param>
    public static Box At(ReadOnlySpan<float> numbers, int index)
    {
        var own = numbers.Slice(Numbers * index, Numbers);
        return new Box(own[0], own[1], own[2], own[3]);
    }

    public bool IsFinite => double.IsFinite(X0) && double.IsFinite(Y0) && double.IsFinite(X1) && double.IsFinite(Y1);

    public double Area => (X1 - X0) * (Y1 - Y0);

    /// <summary>The area that two boxes share.</summary>
    public double Intersection(Box other)
    {
        var width = Math.Min(X1, other.X1) - Math.Max(X0, other.X0);
        var height = Math.Min(Y1, other.Y1) - Math.Max(Y0, other.Y0);
        return width > 0 && height > 0 ? width * height : 0;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X0}, {Y0}, {X1}, {Y1})");
}
