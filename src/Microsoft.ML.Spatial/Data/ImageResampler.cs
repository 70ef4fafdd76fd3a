namespace Microsoft.ML.Spatial.Data;

/// <summary>Resizes float planes: bilinear when it enlarges, a triangle as wide as the reduction (and so antialiased) when it shrinks.</summary>
/// <remarks>Pixel centres at half integers (alignCorners = false). Separable: rows first, then columns. Not safe for several threads at once.</remarks>
internal sealed class ImageResampler
{
    private readonly ResamplingAxis _rows = new();
    private readonly ResamplingAxis _columns = new();
    private float[] _narrowed = [];

    /// <summary>
    /// Resizes <paramref name="source"/> [C, height, width] into <paramref name="target"/> of the given shape, where its placement says; what is left is filled with zeros.
    /// </summary>
    public void Resize(ReadOnlySpan<float> source, ImagePlacement placement, Span<float> target, ImageShape shape)
    {
        var (from, to) = (placement.Image, placement.Extent);
        _rows.Set(from.Height, shape.Height, (double)from.Height / to.Height, 0, to.Height);
        _columns.Set(from.Width, shape.Width, (double)from.Width / to.Width, 0, to.Width);
        Resize(source, from, target, shape);
    }

    /// <summary>Shows <paramref name="source"/> [C, height, width] in <paramref name="target"/> of the given shape as a zoom has it; what it leaves is filled with zeros.</summary>
    public void Resize(ReadOnlySpan<float> source, ImageSize size, SceneZoom zoom, Span<float> target, ImageShape shape)
    {
        _rows.Set(size.Height, shape.Height, 1 / zoom.Scale, zoom.Y, zoom.Scale * size.Height);
        _columns.Set(size.Width, shape.Width, 1 / zoom.Scale, zoom.X, zoom.Scale * size.Width);
        Resize(source, size, target, shape);
    }

    private void Resize(ReadOnlySpan<float> source, ImageSize size, Span<float> target, ImageShape shape)
    {
        if (_narrowed.Length < size.Height * shape.Width)
        {
            _narrowed = new float[size.Height * shape.Width];
        }

        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = source.Slice(channel * size.Height * size.Width, size.Height * size.Width);
            for (var row = 0; row < size.Height; row++)
            {
                for (var column = 0; column < shape.Width; column++)
                {
                    var weights = _columns.Weights(column);
                    var read = plane[((row * size.Width) + _columns.First(column))..];
                    var sum = 0f;
                    for (var i = 0; i < weights.Length; i++)
                    {
                        sum += weights[i] * read[i];
                    }

                    _narrowed[(row * shape.Width) + column] = sum;
                }
            }

            var output = target.Slice(channel * shape.Height * shape.Width, shape.Height * shape.Width);
            output.Clear();
            for (var row = 0; row < shape.Height; row++)
            {
                var line = output.Slice(row * shape.Width, shape.Width);
                var weights = _rows.Weights(row);
                for (var i = 0; i < weights.Length; i++)
                {
                    var from = _narrowed.AsSpan((_rows.First(row) + i) * shape.Width, shape.Width);
                    for (var column = 0; column < line.Length; column++)
                    {
                        line[column] += weights[i] * from[column];
                    }
                }
            }
        }
    }
}
