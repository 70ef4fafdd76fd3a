using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// A distortion that reads the source through a map of coordinates. The canvas pixel (row r, column c) has the coordinates
/// p = (c - (S-1)/2, r - (S-1)/2) about the canvas's centre; it takes the source's value at (13.5 + q_x, 13.5 + q_y),
/// bilinearly and zero outside, where q is the map's value at p. Everything is computed in double precision and rounded once.
/// </summary>
internal abstract class Warp : Distortion
{
    /// <summary>The source's centre, in pixels.</summary>
    protected const double Centre = (FashionMnistSplit.Side - 1) / 2.0;

    /// <summary>Computes q for every canvas pixel, row by row.</summary>
    /// <param name="uniforms">The sample's random numbers.</param>
    /// <param name="qx">Receives q_x.</param>
    /// <param name="qy">Receives q_y.</param>
    protected abstract void Map(CounterUniforms uniforms, Span<double> qx, Span<double> qy);

    /// <inheritdoc/>
    public sealed override void Draw(ReadOnlySpan<byte> source, CounterUniforms uniforms, FashionMnistSplit clutter, Span<byte> canvas)
    {
        int pixels = CanvasSide * CanvasSide;
        Span<double> qx = stackalloc double[pixels];
        Span<double> qy = stackalloc double[pixels];
        Map(uniforms, qx, qy);

        var picture = new PaddedPicture(source, stackalloc double[PaddedPicture.Length]);
        for (int k = 0; k < pixels; k++)
            canvas[k] = (byte)(picture.At(Centre + qx[k], Centre + qy[k]) + 0.5);
    }

    /// <summary>
    /// The similarity q = Rot(-t)(p - shift) / s, with Rot(-t)(x, y) = (x cos t + y sin t, -x sin t + y cos t).
    /// </summary>
    protected void MapSimilarity(double angle, double scale, double shiftX, double shiftY, Span<double> qx, Span<double> qy)
    {
        double cos = Math.Cos(angle), sin = Math.Sin(angle), middle = (CanvasSide - 1) / 2.0;
        int k = 0;
        for (int r = 0; r < CanvasSide; r++)
        {
            double y = r - middle - shiftY;
            for (int c = 0; c < CanvasSide; c++, k++)
            {
                double x = c - middle - shiftX;
                qx[k] = (x * cos + y * sin) / scale;
                qy[k] = (-x * sin + y * cos) / scale;
            }
        }
    }
}
