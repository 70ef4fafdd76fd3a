using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The ranges of a random affine transformation of pictures, for augmentation; a range left at its default has no effect.</summary>
/// <remarks>
/// <para>Convention: the ranges tell what the picture visibly does, about its centre, in this order: it is mirrored, sheared along x, sheared along y, scaled, rotated, moved.
/// That is torchvision's <c>RandomAffine</c> behind <c>RandomHorizontalFlip</c>: <c>degrees</c> is <see cref="RotationDegrees"/> (clockwise), <c>translate=(a, b)</c> is
/// <see cref="TranslationX"/> = (-a, a) and <see cref="TranslationY"/> = (-b, b), <c>scale</c> is <see cref="Scale"/>, <c>shear</c> is <see cref="ShearXDegrees"/>
/// and <see cref="ShearYDegrees"/>. Two things differ: a translation is not rounded to whole pixels, and the default reads between pixels bilinearly rather than the nearest.
/// (<see cref="Functional.AffineTheta"/> counts rotation and shears the other way.)</para>
/// <para>Lengths are pixels of the input image, so that a picture that is not square is turned and not distorted.</para>
/// </remarks>
public sealed record RandomWarp
{
    /// <summary>Rotation in degrees, clockwise; -180 to 180 is any. Default (0, 0).</summary>
    public WarpRange RotationDegrees { get; init; }

    /// <summary>Scale: 2 shows everything twice as large. Above 0. Default (1, 1).</summary>
    public WarpRange Scale { get; init; } = new(1, 1);

    /// <summary>Move to the right, in widths of the picture. Default (0, 0).</summary>
    public WarpRange TranslationX { get; init; }

    /// <summary>Move downwards, in heights of the picture. Default (0, 0).</summary>
    public WarpRange TranslationY { get; init; }

    /// <summary>Shear along x in degrees, between -90 and 90: a positive one moves what lies above the centre to the right. Default (0, 0).</summary>
    public WarpRange ShearXDegrees { get; init; }

    /// <summary>Shear along y in degrees, between -90 and 90: a positive one moves what lies left of the centre down. Default (0, 0).</summary>
    public WarpRange ShearYDegrees { get; init; }

    /// <summary>How often the picture is mirrored, left for right: a probability from 0 to 1. Default 0.</summary>
    public double HorizontalFlipProbability { get; init; }

    internal void Check(string option)
    {
        CheckRange(RotationDegrees, nameof(RotationDegrees), double.NegativeInfinity, double.PositiveInfinity, "");
        CheckRange(Scale, nameof(Scale), 0, double.PositiveInfinity, "above 0");
        CheckRange(TranslationX, nameof(TranslationX), double.NegativeInfinity, double.PositiveInfinity, "");
        CheckRange(TranslationY, nameof(TranslationY), double.NegativeInfinity, double.PositiveInfinity, "");
        CheckRange(ShearXDegrees, nameof(ShearXDegrees), -90, 90, "between -90 and 90");
        CheckRange(ShearYDegrees, nameof(ShearYDegrees), -90, 90, "between -90 and 90");
        OptionCheck.That(HorizontalFlipProbability is >= 0 and <= 1, HorizontalFlipProbability, $"{option}.{nameof(HorizontalFlipProbability)}", "a probability from 0 to 1");

        void CheckRange(WarpRange range, string name, double above, double below, string bounds) =>
            OptionCheck.That(
                double.IsFinite(range.Minimum) && double.IsFinite(range.Maximum) && range.Minimum > above && range.Maximum < below && range.Minimum <= range.Maximum,
                FormattableString.Invariant($"({range.Minimum}, {range.Maximum})"),
                $"{option}.{name}",
                string.Join(' ', new[] { "two finite numbers", bounds, "of which the first is not above the second" }.Where(part => part.Length > 0)));
    }

    /// <summary>The affine theta of one picture: where each target point is read, in normalised coordinates.</summary>
    /// <param name="draw">The random numbers of the picture's row.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    /// <param name="width">Width of the picture in pixels.</param>
    internal float[] Theta(RowUniforms draw, int height, int width)
    {
        var rotation = Radians(RotationDegrees, 0);
        var scale = Scale.At(draw[1]);
        var (moveX, moveY) = (TranslationX.At(draw[2]) * width, TranslationY.At(draw[3]) * height);
        var (shearX, shearY) = (Math.Tan(Radians(ShearXDegrees, 4)), Math.Tan(Radians(ShearYDegrees, 5)));
        var mirror = draw[6] < HorizontalFlipProbability ? -1 : 1;

        // The inverse of each step, in reverse order, brings a target point (pixels from the centre) to its source:
        // mirror * [1 sx; 0 1] * [1 0; sy 1] * R(-rotation) / scale.
        var (cos, sin) = (Math.Cos(rotation) / scale, Math.Sin(rotation) / scale);
        var (c, d) = ((shearY * cos) - sin, (shearY * sin) + cos);
        var (a, b) = (mirror * (cos + (shearX * c)), mirror * (sin + (shearX * d)));
        var aspect = (double)height / width;
        return
        [
            (float)a, (float)(b * aspect), (float)(-2 * ((a * moveX) + (b * moveY)) / width),
            (float)(c / aspect), (float)d, (float)(-2 * ((c * moveX) + (d * moveY)) / height),
        ];

        double Radians(WarpRange range, int k) => range.At(draw[k]) * Math.PI / 180;
    }
}
