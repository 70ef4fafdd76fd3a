using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Chooses the rows held out for validation by a hash of the row's id, so that every cursor makes the same choice.</summary>
internal sealed class HeldOutRows(double fraction, int seed)
{
    public bool Contains(DataViewRowId id)
    {
        var hash = Mix(Mix(id.Low + (ulong)(uint)seed) + id.High);
        return (hash >> 11) * (1.0 / (1UL << 53)) < fraction;
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
