namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Deformable convolution as its formula reads: one loop a sum, in double precision.</summary>
internal sealed record ReferenceDeformConv(
    int Pictures, int Channels, int Height, int Width, int OutputChannels, int WeightGroups, int DeformGroups, int KernelHeight, int KernelWidth,
    (int Y, int X) Stride, (int Y, int X) Padding, (int Y, int X) Dilation)
{
    internal int OutputHeight => (Height + 2 * Padding.Y - Dilation.Y * (KernelHeight - 1) - 1) / Stride.Y + 1;

    internal int OutputWidth => (Width + 2 * Padding.X - Dilation.X * (KernelWidth - 1) - 1) / Stride.X + 1;

    internal long[] InputShape => [Pictures, Channels, Height, Width];

    internal long[] OffsetsShape => [Pictures, 2 * DeformGroups * KernelHeight * KernelWidth, OutputHeight, OutputWidth];

    internal long[] MaskShape => [Pictures, DeformGroups * KernelHeight * KernelWidth, OutputHeight, OutputWidth];

    internal long[] WeightShape => [OutputChannels, Channels / WeightGroups, KernelHeight, KernelWidth];

    internal long[] OutputShape => [Pictures, OutputChannels, OutputHeight, OutputWidth];

    internal static int Size(long[] shape) => (int)shape.Aggregate(1L, (product, side) => product * side);

    internal double[] Output(double[] input, double[] offsets, double[] weight, double[]? bias, double[]? mask)
    {
        var output = new double[Size(OutputShape)];
        ForEachRead((at, tapWeight, inputPlane, tap, y, x) =>
            output[at] += weight[tapWeight] * (mask?[tap] ?? 1) * Corners(y, x).Sum(corner => corner.Weight * input[inputPlane + corner.Pixel]), offsets);
        for (var i = 0; i < output.Length && bias is not null; i++)
            output[i] += bias[i / (OutputHeight * OutputWidth) % OutputChannels];
        return output;
    }

    internal (double[] Input, double[] Offsets, double[] Weight, double[] Bias, double[] Mask) Gradients(
        double[] input, double[] offsets, double[] weight, double[]? mask, double[] gradient)
    {
        var (ofInput, ofOffsets, ofWeight) = (new double[input.Length], new double[offsets.Length], new double[weight.Length]);
        var (ofBias, ofMask) = (new double[OutputChannels], new double[Size(MaskShape)]);
        var area = OutputHeight * OutputWidth;
        ForEachRead((at, tapWeight, inputPlane, tap, y, x) =>
        {
            var modulation = mask?[tap] ?? 1;
            var through = gradient[at] * weight[tapWeight];
            var (value, alongY, alongX) = (0.0, 0.0, 0.0);
            foreach (var corner in Corners(y, x))
            {
                var pixel = input[inputPlane + corner.Pixel];
                value += corner.Weight * pixel;
                alongY += corner.AlongY * pixel;
                alongX += corner.AlongX * pixel;
                ofInput[inputPlane + corner.Pixel] += through * modulation * corner.Weight;
            }

            ofWeight[tapWeight] += gradient[at] * modulation * value;
            ofMask[tap] += through * value;
            var offset = OffsetOf(tap);
            ofOffsets[offset] += through * modulation * alongY;
            ofOffsets[offset + area] += through * modulation * alongX;
        }, offsets);
        for (var i = 0; i < gradient.Length; i++)
            ofBias[i / area % OutputChannels] += gradient[i];
        return (ofInput, ofOffsets, ofWeight, ofBias, ofMask);
    }

    /// <summary>The place of a tap's y offset, of the place of its mask.</summary>
    private int OffsetOf(int tap)
    {
        var area = OutputHeight * OutputWidth;
        return tap / area * 2 * area + tap % area;
    }

    /// <summary>Calls for every product: places of the output, the weight, the input's plane and the mask, and where is read.</summary>
    private void ForEachRead(Action<int, int, int, int, double, double> visit, double[] offsets)
    {
        var (taps, area) = (KernelHeight * KernelWidth, OutputHeight * OutputWidth);
        for (var n = 0; n < Pictures; n++)
        for (var o = 0; o < OutputChannels; o++)
        for (var c = 0; c < Channels / WeightGroups; c++)
        for (var tap = 0; tap < taps; tap++)
        for (var oy = 0; oy < OutputHeight; oy++)
        for (var ox = 0; ox < OutputWidth; ox++)
        {
            var channel = o / (OutputChannels / WeightGroups) * (Channels / WeightGroups) + c;
            var field = ((n * DeformGroups + channel / (Channels / DeformGroups)) * taps + tap) * area + oy * OutputWidth + ox;
            var y = oy * Stride.Y - Padding.Y + tap / KernelWidth * Dilation.Y + offsets[OffsetOf(field)];
            var x = ox * Stride.X - Padding.X + tap % KernelWidth * Dilation.X + offsets[OffsetOf(field) + area];
            visit((n * OutputChannels + o) * area + oy * OutputWidth + ox, (o * (Channels / WeightGroups) + c) * taps + tap, (n * Channels + channel) * Height * Width, field, y, x);
        }
    }

    /// <summary>The pixels inside the input that a point reads, their weights, and the derivatives of these.</summary>
    private IEnumerable<(int Pixel, double Weight, double AlongY, double AlongX)> Corners(double y, double x)
    {
        var (top, left) = (Math.Floor(y), Math.Floor(x));
        for (var row = top; row <= top + 1; row++)
        {
            for (var column = left; column <= left + 1; column++)
            {
                if (row < 0 || row >= Height || column < 0 || column >= Width)
                    continue;
                var (byY, byX) = (1 - Math.Abs(y - row), 1 - Math.Abs(x - column));
                yield return ((int)row * Width + (int)column, byY * byX, row == top ? -byX : byX, column == left ? -byY : byY);
            }
        }
    }
}
