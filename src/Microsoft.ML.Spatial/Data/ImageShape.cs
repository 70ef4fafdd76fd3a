using System.Globalization;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Channels, height and width in pixels of the images a network reads.</summary>
internal readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Floats in one image.</summary>
    public int Length => checked(Channels * Height * Width);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Height}x{Width}");
}
