using Microsoft.ML.Spatial.Functional.Kernels;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>What tells one pooling of RoIs from another, tensors aside.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="RoIs">The values of the RoIs, checked, row by row.</param>
/// <param name="Lattice">How bins are sampled; null where they are whole pixels.</param>
/// <param name="Pixels">How bins are whole pixels; null where they are sampled.</param>
internal sealed record RoIPooling(RoIShape Shape, double[] RoIs, RoILattice? Lattice = null, PixelPooling? Pixels = null)
{
    /// <summary>Columns of a row of RoIs.</summary>
    internal const int Columns = 5;

    internal bool IsMaximum => Pixels is { IsMean: false };

    internal int Count => RoIs.Length / Columns;

    /// <summary>The picture of an RoI.</summary>
    internal long PictureOf(int roi) => (long)RoIs[roi * Columns];

    internal long[] OutputShape => [Count, Shape.OutputChannels, Shape.PooledHeight, Shape.PooledWidth];
}
