namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The poolings of RoIs in float64, one sample at a time, and how near a sample came to where the pooling bends or jumps.</summary>
internal sealed class ReferenceRoI(long[] shape, double[] rois)
{
    private readonly int _channels = (int)shape[1];
    private readonly int _height = (int)shape[2];
    private readonly int _width = (int)shape[3];

    private int Count => rois.Length / 5;

    /// <summary>The least distance of any sample from a pixel's centre, in the direction of an axis, or of any rounded number from where it rounds otherwise.</summary>
    internal double Nearest { get; private set; } = double.PositiveInfinity;

    /// <summary>RoI align in all its forms: aligned or not, position-sensitive or not, moved by offsets or not.</summary>
    internal double[] Align(
        double[] input, double[]? offsets, int rows, int columns, double scale, int ratio, bool aligned, bool sensitive = false, double gamma = 0)
    {
        var outputChannels = sensitive ? _channels / (rows * columns) : _channels;
        var output = new List<double>();
        for (var k = 0; k < Count; k++)
        {
            var (x1, y1, x2, y2) = Corners(k);
            var half = aligned ? 0.5 : 0;
            var (left, top) = (x1 * scale - half, y1 * scale - half);
            var (width, height) = ((x2 * scale - half) - left, (y2 * scale - half) - top);
            if (!aligned)
                (width, height) = (Math.Max(width, 1), Math.Max(height, 1));
            var samplesX = ratio > 0 ? ratio : Ceiling(width / columns);
            var samplesY = ratio > 0 ? ratio : Ceiling(height / rows);
            for (var c = 0; c < outputChannels; c++)
            {
                for (var i = 0; i < rows; i++)
                {
                    for (var j = 0; j < columns; j++)
                    {
                        var moveX = offsets is null ? 0 : gamma * width * offsets[((k * 2 + 0) * rows + i) * columns + j];
                        var moveY = offsets is null ? 0 : gamma * height * offsets[((k * 2 + 1) * rows + i) * columns + j];
                        var channel = sensitive ? (c * rows + i) * columns + j : c;
                        var sum = 0.0;
                        for (var m = 0; m < samplesY; m++)
                        {
                            for (var n = 0; n < samplesX; n++)
                            {
                                var y = top + moveY + (i + (m + 0.5) / samplesY) * (height / rows);
                                var x = left + moveX + (j + (n + 0.5) / samplesX) * (width / columns);
                                if (y >= -1 && y <= _height && x >= -1 && x <= _width)
                                    sum += Bilinear(input, Picture(k), channel, x, y);
                                Watch(x, _width);
                                Watch(y, _height);
                            }
                        }

                        output.Add(samplesX > 0 && samplesY > 0 ? sum / (samplesX * samplesY) : 0);
                    }
                }
            }
        }

        return [.. output];
    }

    internal double[] DeformPositionSensitive(
        double[] input, double[]? offsets, int outputChannels, int groups, int pooled, double scale, int parts, int samples, double deviation, int classes)
    {
        var output = new List<double>();
        for (var k = 0; k < Count; k++)
        {
            var (x1, y1, x2, y2) = Corners(k);
            var (left, top) = (Round(x1) * scale - 0.5, Round(y1) * scale - 0.5);
            var width = Math.Max((Round(x2) + 1) * scale - 0.5 - left, 0.1);
            var height = Math.Max((Round(y2) + 1) * scale - 0.5 - top, 0.1);
            for (var c = 0; c < outputChannels; c++)
            {
                for (var i = 0; i < pooled; i++)
                {
                    for (var j = 0; j < pooled; j++)
                    {
                        var (partY, partX) = (i * parts / pooled, j * parts / pooled);
                        var ofClass = c / (outputChannels / classes);
                        var moveX = offsets is null ? 0 : deviation * width * offsets[(((k * classes + ofClass) * 2 + 0) * parts + partY) * parts + partX];
                        var moveY = offsets is null ? 0 : deviation * height * offsets[(((k * classes + ofClass) * 2 + 1) * parts + partY) * parts + partX];
                        var channel = (c * groups + i * groups / pooled) * groups + j * groups / pooled;
                        var (sum, count) = (0.0, 0);
                        for (var m = 0; m < samples; m++)
                        {
                            for (var n = 0; n < samples; n++)
                            {
                                var y = top + moveY + (i + m / (double)samples) * (height / pooled);
                                var x = left + moveX + (j + n / (double)samples) * (width / pooled);
                                Watch(x + 0.5, _width);
                                Watch(y + 0.5, _height);
                                Watch(x, _width);
                                Watch(y, _height);
                                if (x >= -0.5 && x <= _width - 0.5 && y >= -0.5 && y <= _height - 0.5)
                                {
                                    sum += Bilinear(input, Picture(k), channel, x, y);
                                    count++;
                                }
                            }
                        }

                        output.Add(count == 0 ? 0 : sum / count);
                    }
                }
            }
        }

        return [.. output];
    }

    /// <summary>Bins of whole pixels: maximum, or position-sensitive mean.</summary>
    internal double[] Pixels(double[] input, int rows, int columns, double scale, bool isMean)
    {
        var outputChannels = isMean ? _channels / (rows * columns) : _channels;
        var output = new List<double>();
        for (var k = 0; k < Count; k++)
        {
            var (x1, y1, x2, y2) = Corners(k);
            var (left, top, right, bottom) = (Round(x1 * scale), Round(y1 * scale), Round(x2 * scale), Round(y2 * scale));
            var (width, height) = (Math.Max(right - left + (isMean ? 0 : 1), 1), Math.Max(bottom - top + (isMean ? 0 : 1), 1));
            var (endX, endY) = isMean ? (_width - 1, _height - 1) : (_width, _height);
            for (var c = 0; c < outputChannels; c++)
            {
                for (var i = 0; i < rows; i++)
                {
                    for (var j = 0; j < columns; j++)
                    {
                        var channel = isMean ? (c * rows + i) * columns + j : c;
                        var values = new List<double>();
                        for (var y = 0; y < endY; y++)
                        {
                            for (var x = 0; x < endX; x++)
                            {
                                // Pixel y is in the bin where it overlaps [i, i + 1) bins from the top.
                                var isIn = (y - top + 1) * rows > i * height && (y - top) * rows < (i + 1) * height
                                    && (x - left + 1) * columns > j * width && (x - left) * columns < (j + 1) * width;
                                if (isIn)
                                    values.Add(input[At(Picture(k), channel, x, y)]);
                            }
                        }

                        output.Add(values.Count == 0 ? 0 : isMean ? values.Average() : values.Max());
                    }
                }
            }
        }

        return [.. output];
    }

    private int Picture(int k) => (int)rois[5 * k];

    private (double X1, double Y1, double X2, double Y2) Corners(int k) => (rois[5 * k + 1], rois[5 * k + 2], rois[5 * k + 3], rois[5 * k + 4]);

    private int At(int picture, int channel, int x, int y) => ((picture * _channels + channel) * _height + y) * _width + x;

    private double Bilinear(double[] input, int picture, int channel, double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, _width - 1), Math.Clamp(y, 0, _height - 1));
        var value = 0.0;
        for (var row = (int)y; row <= y + 1 && row < _height; row++)
        {
            for (var column = (int)x; column <= x + 1 && column < _width; column++)
                value += Math.Max(0, 1 - Math.Abs(x - column)) * Math.Max(0, 1 - Math.Abs(y - row)) * input[At(picture, channel, column, row)];
        }

        return value;
    }

    private int Ceiling(double value)
    {
        // The least size, divided, is a whole number in every type.
        if (value != Math.Round(value))
            Nearest = Math.Min(Nearest, Math.Abs(value - Math.Round(value)));
        return (int)Math.Ceiling(value);
    }

    private int Round(double value)
    {
        Nearest = Math.Min(Nearest, Math.Abs(value - Math.Floor(value) - 0.5));
        return (int)Math.Floor(value + 0.5);
    }

    private void Watch(double at, int side)
    {
        if (at > -2 && at < side + 1)
            Nearest = Math.Min(Nearest, Math.Abs(at - Math.Round(at)));
    }
}
