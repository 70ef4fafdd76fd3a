namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>The poolings of RoIs and their gradients in float64, one sample at a time, and how near a sample came to where the pooling bends or jumps.</summary>
internal sealed class ReferenceRoI(long[] shape, double[] rois)
{
    private readonly int _channels = (int)shape[1];
    private readonly int _height = (int)shape[2];
    private readonly int _width = (int)shape[3];

    private int Count => rois.Length / 5;

    /// <summary>The least distance of any sample from a pixel's centre, in the direction of an axis, or of any rounded number from where it rounds otherwise.</summary>
    internal double Nearest { get; private set; } = double.PositiveInfinity;

    /// <summary>The samples of RoI align in all its forms: aligned or not, position-sensitive or not, moved by offsets or not.</summary>
    internal IEnumerable<Sample> Align(double[]? offsets, int rows, int columns, double scale, int ratio, bool aligned, bool sensitive = false, double gamma = 0)
    {
        var outputChannels = sensitive ? _channels / (rows * columns) : _channels;
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
                        var (ofX, ofY) = (((k * 2 + 0) * rows + i) * columns + j, ((k * 2 + 1) * rows + i) * columns + j);
                        var moveX = offsets is null ? 0 : gamma * width * offsets[ofX];
                        var moveY = offsets is null ? 0 : gamma * height * offsets[ofY];
                        var channel = sensitive ? (c * rows + i) * columns + j : c;
                        var output = ((k * outputChannels + c) * rows + i) * columns + j;
                        for (var m = 0; m < samplesY; m++)
                        {
                            for (var n = 0; n < samplesX; n++)
                            {
                                var y = top + moveY + (i + (m + 0.5) / samplesY) * (height / rows);
                                var x = left + moveX + (j + (n + 0.5) / samplesX) * (width / columns);
                                Watch(x, _width);
                                Watch(y, _height);
                                if (y >= -1 && y <= _height && x >= -1 && x <= _width)
                                    yield return new(output, 1.0 / (samplesX * samplesY), Picture(k), channel, x, y, ofX, gamma * width, ofY, gamma * height);
                            }
                        }
                    }
                }
            }
        }
    }

    internal IEnumerable<Sample> DeformPositionSensitive(
        double[]? offsets, int outputChannels, int groups, int pooled, double scale, int parts, int samples, double deviation, int classes)
    {
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
                        var ofX = (((k * classes + ofClass) * 2 + 0) * parts + partY) * parts + partX;
                        var ofY = (((k * classes + ofClass) * 2 + 1) * parts + partY) * parts + partX;
                        var moveX = offsets is null ? 0 : deviation * width * offsets[ofX];
                        var moveY = offsets is null ? 0 : deviation * height * offsets[ofY];
                        var channel = (c * groups + i * groups / pooled) * groups + j * groups / pooled;
                        var inside = new List<(double X, double Y)>();
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
                                    inside.Add((x, y));
                            }
                        }

                        var output = ((k * outputChannels + c) * pooled + i) * pooled + j;
                        foreach (var (x, y) in inside)
                            yield return new(output, 1.0 / inside.Count, Picture(k), channel, x, y, ofX, deviation * width, ofY, deviation * height);
                    }
                }
            }
        }
    }

    /// <summary>Bins of whole pixels: maximum, or position-sensitive mean.</summary>
    internal IEnumerable<Sample> Pixels(double[] input, int rows, int columns, double scale, bool isMean)
    {
        var outputChannels = isMean ? _channels / (rows * columns) : _channels;
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
                        var inside = new List<(int X, int Y)>();
                        for (var y = 0; y < endY; y++)
                        {
                            for (var x = 0; x < endX; x++)
                            {
                                // Pixel y is in the bin where it overlaps [i, i + 1) bins from the top.
                                var isIn = (y - top + 1) * rows > i * height && (y - top) * rows < (i + 1) * height
                                    && (x - left + 1) * columns > j * width && (x - left) * columns < (j + 1) * width;
                                if (isIn)
                                    inside.Add((x, y));
                            }
                        }

                        if (!isMean && inside.Count > 0)
                            inside = [inside.MaxBy(pixel => input[At(Picture(k), channel, pixel.X, pixel.Y)])];
                        var output = ((k * outputChannels + c) * rows + i) * columns + j;
                        foreach (var (x, y) in inside)
                            yield return new(output, 1.0 / inside.Count, Picture(k), channel, x, y, 0, 0, 0, 0);
                    }
                }
            }
        }
    }

    /// <summary>What samples add up to.</summary>
    internal double[] Pool(IEnumerable<Sample> samples, double[] input, long count)
    {
        var output = new double[count];
        foreach (var sample in samples)
        {
            foreach (var (pixel, weight, _, _) in Neighbours(sample))
                output[sample.Output] += sample.Share * weight * input[pixel];
        }

        return output;
    }

    /// <summary>The gradients of the input and of the offsets from that of the output.</summary>
    internal (double[] OfInput, double[] OfOffsets) Gradients(IEnumerable<Sample> samples, double[] input, long offsets, double[] gradOutput)
    {
        var (ofInput, ofOffsets) = (new double[input.Length], new double[offsets]);
        foreach (var sample in samples)
        {
            var whole = sample.Share * gradOutput[sample.Output];
            foreach (var (pixel, weight, slopeX, slopeY) in Neighbours(sample))
            {
                ofInput[pixel] += whole * weight;
                if (offsets > 0)
                {
                    ofOffsets[sample.OffsetX] += whole * slopeX * input[pixel] * sample.UnitX;
                    ofOffsets[sample.OffsetY] += whole * slopeY * input[pixel] * sample.UnitY;
                }
            }
        }

        return (ofInput, ofOffsets);
    }

    private int Picture(int k) => (int)rois[5 * k];

    private (double X1, double Y1, double X2, double Y2) Corners(int k) => (rois[5 * k + 1], rois[5 * k + 2], rois[5 * k + 3], rois[5 * k + 4]);

    private int At(int picture, int channel, int x, int y) => ((picture * _channels + channel) * _height + y) * _width + x;

    /// <summary>The pixels around a sample, the tent's weight of each, and its derivatives by the sample's place; outside the outermost centres it does not change.</summary>
    private IEnumerable<(int Pixel, double Weight, double SlopeX, double SlopeY)> Neighbours(Sample sample)
    {
        var (x, y) = (Math.Clamp(sample.X, 0, _width - 1), Math.Clamp(sample.Y, 0, _height - 1));
        var (isBetweenX, isBetweenY) = (x == sample.X, y == sample.Y);
        for (var row = (int)y; row <= y + 1 && row < _height; row++)
        {
            for (var column = (int)x; column <= x + 1 && column < _width; column++)
            {
                var (alongX, alongY) = (Math.Max(0, 1 - Math.Abs(x - column)), Math.Max(0, 1 - Math.Abs(y - row)));
                yield return (
                    At(sample.Picture, sample.Channel, column, row), alongX * alongY,
                    isBetweenX ? Math.Sign(column - x) * alongY : 0, isBetweenY ? Math.Sign(row - y) * alongX : 0);
            }
        }
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

    /// <summary>A place that an output reads.</summary>
    /// <param name="Output">The output's element.</param>
    /// <param name="Share">What the sample is multiplied with.</param>
    /// <param name="Picture">Its picture.</param>
    /// <param name="Channel">Its channel.</param>
    /// <param name="X">Its column.</param>
    /// <param name="Y">Its row.</param>
    /// <param name="OffsetX">The element of the offsets that moves it along x.</param>
    /// <param name="UnitX">How far an offset of 1 does, in pixels.</param>
    /// <param name="OffsetY">The element that moves it along y.</param>
    /// <param name="UnitY">How far an offset of 1 does.</param>
    internal readonly record struct Sample(
        int Output, double Share, int Picture, int Channel, double X, double Y, int OffsetX, double UnitX, int OffsetY, double UnitY);
}
