namespace Microsoft.ML.Spatial.Modules;

/// <summary>Transformations to start training from, as theta of any kind: what the last layer of a localisation network has as its bias.</summary>
/// <remarks>
/// Convention: windows are given in normalised coordinates (x, y) of [−1, 1], y pointing down: one of scale s and centre (x, y) spans
/// [x − s, x + s] and [y − s, y + s]. Source: Jaderberg et al. 2015, arXiv 1506.02025, sections 3.2 and 4.3 (parallel transformers).
/// </remarks>
public static class TransformationStart
{
    private const int MostWindows = 1024;

    /// <summary>The theta that shows a square window of the picture, unturned and undistorted.</summary>
    /// <param name="kind">The family of transformations.</param>
    /// <param name="scale">Size of the window as a part of the picture, above 0; 1 is all of it.</param>
    /// <param name="x">Centre of the window, finite; 0 is the middle of the picture.</param>
    /// <param name="y">The same, downwards.</param>
    /// <param name="controlPointsPerSide">Rows, and columns, of the control points of a thin plate spline, 2 to 32; unused by other kinds.</param>
    /// <returns>A new array; of scale 1 and centre (0, 0) it is <see cref="GridGenerator.IdentityTheta"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or the kind is not one of the named values.</exception>
    public static float[] Window(TransformationKind kind, float scale, float x, float y, int controlPointsPerSide = GridGenerator.DefaultControlPointsPerSide)
    {
        if (!(scale > 0 && float.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, FormattableString.Invariant($"scale is {scale}; it must be a finite number above 0."));
        CheckFinite(x, nameof(x));
        CheckFinite(y, nameof(y));
        switch (kind)
        {
            case TransformationKind.Affine:
                return [scale, 0, x, 0, scale, y];
            case TransformationKind.Attention:
                return [scale, x, y];
            case TransformationKind.Projective:
                return [scale, 0, x, 0, scale, y, 0, 0];
            case TransformationKind.ThinPlateSpline:
                var theta = new float[GridGenerator.ParametersOf(kind, controlPointsPerSide)];
                for (var k = 0; k < theta.Length / 2; k++)
                {
                    theta[2 * k] = x + scale * Place(k % controlPointsPerSide, controlPointsPerSide);
                    theta[2 * k + 1] = y + scale * Place(k / controlPointsPerSide, controlPointsPerSide);
                }

                return theta;
            default:
                throw GridGenerator.UnknownKind(kind);
        }
    }

    /// <summary>
    /// Different places for transformers that work side by side: windows of equal size spread evenly over the picture, in rows from the upper left, each
    /// overlapping its neighbours in a row by half.
    /// </summary>
    /// <param name="kind">The family of transformations.</param>
    /// <param name="count">How many, 1 to 1024.</param>
    /// <param name="controlPointsPerSide">Rows, and columns, of the control points of a thin plate spline, 2 to 32; unused by other kinds.</param>
    /// <returns>
    /// <paramref name="count"/> thetas. There are n = ⌈√count⌉ windows in a row, and fewer in the last where they do not come out even; each has scale 2/(n + 1),
    /// and a row's first and last touch the sides of the picture, as the first and last row touch its upper and lower edge; a row or column of one lies in the middle.
    /// So 1 is the identity; 2 are windows of scale 2/3 at (−1/3, 0) and (1/3, 0); 4 are windows of the same scale at (±1/3, ±1/3).
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or the kind is not one of the named values.</exception>
    public static float[][] Spread(TransformationKind kind, int count, int controlPointsPerSide = GridGenerator.DefaultControlPointsPerSide)
    {
        if (count is < 1 or > MostWindows)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"count is {count}; it must be between 1 and {MostWindows}.");
        var columns = (int)Math.Ceiling(Math.Sqrt(count));
        var rows = (count + columns - 1) / columns;
        var scale = 2f / (columns + 1);
        var thetas = new float[count][];
        for (var i = 0; i < count; i++)
        {
            var row = i / columns;
            var inRow = Math.Min(columns, count - row * columns);
            thetas[i] = Window(kind, scale, (1 - scale) * Place(i % columns, inRow), (1 - scale) * Place(row, rows), controlPointsPerSide);
        }

        return thetas;
    }

    /// <summary>The place in [−1, 1] of one of a number of things set out evenly; one alone lies in the middle.</summary>
    private static float Place(int index, int count) => count == 1 ? 0 : (float)(-1 + 2.0 * index / (count - 1));

    private static void CheckFinite(float value, string argument)
    {
        if (!float.IsFinite(value))
            throw new ArgumentOutOfRangeException(argument, value, FormattableString.Invariant($"{argument} is {value}; it must be finite."));
    }
}
