using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Chooses the rows held out for validation by a hash of the row's id, so that every cursor makes the same choice.</summary>
internal sealed class HeldOutRows(double fraction, int seed)
{
    public bool Contains(DataViewRowId id)
    {
        var hash = SplitMix.Mix(SplitMix.Mix(id.Low + (ulong)(uint)seed) + id.High);
        return SplitMix.Uniform(hash) < fraction;
    }
}
