namespace Microsoft.ML.Spatial.Data;

/// <summary>Resizes float planes: bilinear when it enlarges, a triangle as wide as the reduction (and so antialiased) when it shrinks.</summary>
/// <remarks>Pixel centres at half integers (alignCorners = false). Separable: rows first, then columns. Not safe for several threads at once.</remarks>
internal sealed class ImageResampler
{
    private (int Height, int Width) _from;
    private Tap[] _rows = [];
    private Tap[] _columns = [];
    private float[] _narrowed = [];

    /// <summary>Resizes <paramref name="source"/> [C, height, width] into <paramref name="target"/> of the given shape.</summary>
    public void Resize(ReadOnlySpan<float> source, int height, int width, Span<float> target, ImageShape shape)
    {
        if (_from != (height, width))
        {
            _from = (height, width);
            _rows = Taps(height, shape.Height);
            _columns = Taps(width, shape.Width);
            _narrowed = new float[height * shape.Width];
        }

        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = source.Slice(channel * height * width, height * width);
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < shape.Width; column++)
                {
                    var tap = _columns[column];
                    var sum = 0f;
                    for (var i = 0; i < tap.Weights.Length; i++)
                    {
                        sum += tap.Weights[i] * plane[(row * width) + tap.First + i];
                    }

                    _narrowed[(row * shape.Width) + column] = sum;
                }
            }

            var output = target.Slice(channel * shape.Height * shape.Width, shape.Height * shape.Width);
            output.Clear();
            for (var row = 0; row < shape.Height; row++)
            {
                var line = output.Slice(row * shape.Width, shape.Width);
                var tap = _rows[row];
                for (var i = 0; i < tap.Weights.Length; i++)
                {
                    var from = _narrowed.AsSpan((tap.First + i) * shape.Width, shape.Width);
                    for (var column = 0; column < line.Length; column++)
                    {
                        line[column] += tap.Weights[i] * from[column];
                    }
                }
            }
        }
    }

    private static Tap[] Taps(int from, int to)
    {
        var ratio = (double)from / to;
        var reach = Math.Max(ratio, 1);
        var taps = new Tap[to];
        for (var i = 0; i < to; i++)
        {
            var centre = ((i + 0.5) * ratio) - 0.5;
            var first = Math.Max(0, (int)Math.Ceiling(centre - reach));
            var last = Math.Min(from - 1, (int)Math.Floor(centre + reach));
            var weights = Enumerable.Range(first, last - first + 1).Select(j => Math.Max(0, 1 - (Math.Abs(j - centre) / reach))).ToArray();
            var sum = weights.Sum();
            taps[i] = new Tap(first, weights.Select(weight => (float)(weight / sum)).ToArray());
        }

        return taps;
    }

    private readonly record struct Tap(int First, float[] Weights);
}
