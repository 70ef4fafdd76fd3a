using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The random numbers of one row in one pass over the data: a pure function of (seed, pass, the row's id, k), whatever the order of rows and threads.</summary>
internal readonly struct RowUniforms(int seed, long pass, DataViewRowId id)
{
    private readonly ulong _row = SplitMix.Mix(SplitMix.Mix(SplitMix.Mix(SplitMix.Mix((uint)seed) + (ulong)pass) + id.Low) + id.High);

    /// <summary>The <paramref name="k"/>-th number, uniform in [0, 1).</summary>
    public double this[int k] => SplitMix.Uniform(SplitMix.Mix(_row + (ulong)k));
}
