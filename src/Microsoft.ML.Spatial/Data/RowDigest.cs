using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Tells rows from other rows by their ids and labels, in whatever order they come.</summary>
internal sealed class RowDigest
{
    private ulong _sum;

    /// <summary>Adds what a row says.</summary>
    public void Add<T>(DataViewRowId id, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var hash = SplitMix.Mix(SplitMix.Mix(id.Low) + id.High);
        foreach (var value in MemoryMarshal.AsBytes(values))
        {
            hash = SplitMix.Mix(hash + value);
        }

        _sum = unchecked(_sum + SplitMix.Mix(hash));
    }

    /// <summary>Numbers of rows and digest, to compare and to show.</summary>
    public string Describe(long training, long heldOut) => string.Create(CultureInfo.InvariantCulture, $"{training}, {heldOut} held out, digest {_sum:x16}");
}
