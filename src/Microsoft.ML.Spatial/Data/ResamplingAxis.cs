namespace Microsoft.ML.Spatial.Data;

/// <summary>Along one axis: from which pixels each pixel of the target is made, and how each of them is weighed. Buffers are kept from one setting to the next.</summary>
internal sealed class ResamplingAxis
{
    private (int From, int To, double Ratio, double Offset, double Extent) _set;
    private int[] _first = [];
    private int[] _start = [];
    private float[] _weights = [];
    private double[] _raw = [];

    /// <summary>The first pixel that a pixel of the target is made from.</summary>
    public int First(int target) => _first[target];

    /// <summary>The weights of that pixel and those after it; none where the target lies outside the image.</summary>
    public ReadOnlySpan<float> Weights(int target) => _weights.AsSpan(_start[target], _start[target + 1] - _start[target]);

    /// <summary>Sets the geometry.</summary>
    /// <param name="from">Pixels of the source.</param>
    /// <param name="to">Pixels of the target.</param>
    /// <param name="ratio">Pixels of the source in one of the target.</param>
    /// <param name="offset">Where in the target the source begins.</param>
    /// <param name="extent">Over how many pixels of the target the source goes.</param>
    public void Set(int from, int to, double ratio, double offset, double extent)
    {
        var wanted = (from, to, ratio, offset, extent);
        if (_set == wanted)
        {
            return;
        }

        _set = wanted;
        if (_first.Length < to)
        {
            (_first, _start) = (new int[to], new int[to + 1]);
        }

        var reach = Math.Max(ratio, 1);
        var used = 0;
        for (var i = 0; i < to; i++)
        {
            var place = i + 0.5 - offset;
            var isInside = place >= 0 && place < extent;
            var centre = (place * ratio) - 0.5;
            var first = isInside ? Math.Clamp((int)Math.Ceiling(centre - reach), 0, from - 1) : 0;
            var last = isInside ? Math.Min(from - 1, (int)Math.Floor(centre + reach)) : -1;
            var count = Math.Max(0, last - first + 1);
            (_first[i], _start[i]) = (first, used);
            Grow(used + count);
            var sum = 0.0;
            for (var j = 0; j < count; j++)
            {
                _raw[used + j] = Math.Max(0, 1 - (Math.Abs(first + j - centre) / reach));
                sum += _raw[used + j];
            }

            for (var j = used; j < used + count; j++)
            {
                _weights[j] = (float)(_raw[j] / sum);
            }

            used += count;
        }

        _start[to] = used;
    }

    private void Grow(int length)
    {
        if (_weights.Length < length)
        {
            Array.Resize(ref _weights, 2 * length);
            Array.Resize(ref _raw, 2 * length);
        }
    }
}
