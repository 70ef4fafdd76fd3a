namespace Microsoft.ML.Spatial.Functional;

/// <summary>Normalised coordinates of pixel centres, as PyTorch's <c>affine_grid</c> defines them.</summary>
internal static class PixelCentre
{
    /// <summary>The normalised coordinate of pixel <paramref name="index"/> of a side.</summary>
    /// <param name="index">The pixel, from 0.</param>
    /// <param name="side">Pixels of the side; of a side of one pixel the centre is 0.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    internal static double Normalised(long index, long side, bool alignCorners) =>
        side == 1 ? 0 : alignCorners ? 2.0 * index / (side - 1) - 1 : (2.0 * index + 1) / side - 1;
}
