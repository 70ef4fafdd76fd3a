using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Reads a map, whose channels are side by side and which has a pixel of zeros behind its last, where the taps of a deformable convolution lie, for a block of output
/// positions at a time. Scratch memory of one thread.
/// </summary>
internal sealed unsafe class TapReader : IDisposable
{
    /// <summary>Most positions of a block.</summary>
    public const int Capacity = Reads.Capacity / MatrixProduct.TileRows * MatrixProduct.TileRows;

    private const int Corners = 4;

    private readonly DeformShape _shape;
    private readonly int _pixel;
    private readonly float* _offsets;
    private readonly float* _mask;
    private readonly Axis _horizontal;
    private readonly Axis _vertical;
    private readonly Reads _reads = new();
    private readonly FloatBuffer _memory = new(((2 * Corners) + 1) * (Capacity + Lanes.Count));

    // Of each position of the block: the weights of its four pixels, and what the mask makes of them.
    private readonly float* _weights;

    // The products of the gradient with each of the four pixels, summed over channels.
    private readonly float* _products;
    private readonly float* _modulation;

    /// <param name="shape">The sizes.</param>
    /// <param name="pixel">Floats of a pixel of the map.</param>
    /// <param name="offsets">All offsets, <c>[Pictures, 2·DeformGroups·Taps, OutputHeight, OutputWidth]</c>.</param>
    /// <param name="mask">All masks, <c>[Pictures, DeformGroups·Taps, OutputHeight, OutputWidth]</c>, or null.</param>
    public TapReader(DeformShape shape, int pixel, float* offsets, float* mask)
    {
        (_shape, _pixel) = (shape, pixel);
        _offsets = offsets;
        _mask = mask;
        _horizontal = Axis.WithZeros(shape.Width, alignCorners: false);
        _vertical = Axis.WithZeros(shape.Height, alignCorners: false);
        _weights = _memory.Start;
        _products = _weights + (Corners * (Capacity + Lanes.Count));
        _modulation = _products + (Corners * (Capacity + Lanes.Count));
    }

    /// <summary>Finds what a tap reads.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="group">The deformable group.</param>
    /// <param name="tap">The place of the kernel.</param>
    /// <param name="first">The first output position of the block.</param>
    /// <param name="count">Positions of the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Locate(int picture, int group, int tap, int first, int count)
    {
        var plane = ((nint)picture * _shape.DeformGroups * _shape.Taps) + (group * _shape.Taps) + tap;
        var along = _offsets + (2 * plane * _shape.OutputArea) + first;
        var across = along + _shape.OutputArea;
        var (dy, dx) = (tap / _shape.KernelWidth * _shape.DilationY - _shape.PaddingY, tap % _shape.KernelWidth * _shape.DilationX - _shape.PaddingX);
        var (row, column) = (first / _shape.OutputWidth, first % _shape.OutputWidth);
        for (var i = 0; i < count;)
        {
            // p0 + p_n + Δp_n (Dai et al. 2017, equation 2).
            var end = Math.Min(count, i + _shape.OutputWidth - column);
            var (y, x) = (row * _shape.StrideY + dy, column * _shape.StrideX + dx);
            for (; i < end; i++, x += _shape.StrideX)
            {
                _reads.Y[i] = y + along[i];
                _reads.X[i] = x + across[i];
            }

            (row, column) = (row + 1, 0);
        }

        _reads.Locate(count, _horizontal, _vertical, nearest: false);
        _reads.ToAddresses(count, _shape.Area, _pixel);
        var mask = _mask is null ? null : _mask + (plane * _shape.OutputArea) + first;
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var modulation = mask is null ? Vector256<float>.One : Lanes.Load(mask + i, count - i);
            var (x, y) = (Vector256.Load(_reads.FractionX + i), Vector256.Load(_reads.FractionY + i));
            modulation.Store(_modulation + i);
            var lower = modulation * y;
            var upper = modulation - lower;
            var (lowerRight, upperRight) = (lower * x, upper * x);
            (upper - upperRight).Store(Weight(0) + i);
            upperRight.Store(Weight(1) + i);
            (lower - lowerRight).Store(Weight(2) + i);
            lowerRight.Store(Weight(3) + i);
        }
    }

    /// <summary>Reads some channels for all positions of the block.</summary>
    /// <param name="count">Positions of the block.</param>
    /// <param name="pixels">The first channel of the map's first pixel.</param>
    /// <param name="channels">Channels to read.</param>
    /// <param name="rows">Receives them, a row a position.</param>
    /// <param name="rowStride">Floats from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(int count, float* pixels, int channels, float* rows, nint rowStride)
    {
        float* w0 = Weight(0), w1 = Weight(1), w2 = Weight(2), w3 = Weight(3);
        int* at0 = _reads.UpperLeft, at1 = _reads.UpperRight, at2 = _reads.LowerLeft, at3 = _reads.LowerRight;
        for (var i = 0; i < count; i++, rows += rowStride)
        {
            float* p0 = pixels + at0[i], p1 = pixels + at1[i], p2 = pixels + at2[i], p3 = pixels + at3[i];
            var (v0, v1, v2, v3) = (Vector256.Create(w0[i]), Vector256.Create(w1[i]), Vector256.Create(w2[i]), Vector256.Create(w3[i]));
            var channel = 0;
            for (; channel <= channels - Lanes.Count; channel += Lanes.Count)
            {
                var sum = Vector256.Load(p0 + channel) * v0;
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(p1 + channel), v1, sum);
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(p2 + channel), v2, sum);
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(p3 + channel), v3, sum);
                sum.Store(rows + channel);
            }

            if (channel <= channels - Half)
            {
                var sum = Vector128.Load(p0 + channel) * v0.GetLower();
                sum = Vector128.FusedMultiplyAdd(Vector128.Load(p1 + channel), v1.GetLower(), sum);
                sum = Vector128.FusedMultiplyAdd(Vector128.Load(p2 + channel), v2.GetLower(), sum);
                sum = Vector128.FusedMultiplyAdd(Vector128.Load(p3 + channel), v3.GetLower(), sum);
                sum.Store(rows + channel);
                channel += Half;
            }

            for (; channel < channels; channel++)
                rows[channel] = (w0[i] * p0[channel]) + (w1[i] * p1[channel]) + (w2[i] * p2[channel]) + (w3[i] * p3[channel]);
        }
    }

    /// <summary>Begins the gradients of a tap's offsets and mask, which <see cref="Backward"/> adds to.</summary>
    public void BeginGradients(int count) => new Span<float>(_products, Corners * count).Clear();

    /// <summary>Takes the gradient of what was read to the map and, for <see cref="EndGradients"/>, to the tap's offsets and mask.</summary>
    /// <param name="count">Positions of the block.</param>
    /// <param name="pixels">The first channel of the map's first pixel.</param>
    /// <param name="gradPixels">The same place of the map's gradient, which is added to.</param>
    /// <param name="channels">Channels that were read.</param>
    /// <param name="gradRows">The gradient of what was read, a row a position.</param>
    /// <param name="rows">Receives what was read, in the same places.</param>
    /// <param name="rowStride">Floats from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(int count, float* pixels, float* gradPixels, int channels, float* gradRows, float* rows, nint rowStride)
    {
        float* w0 = Weight(0), w1 = Weight(1), w2 = Weight(2), w3 = Weight(3);
        int* at0 = _reads.UpperLeft, at1 = _reads.UpperRight, at2 = _reads.LowerLeft, at3 = _reads.LowerRight;
        for (var i = 0; i < count; i++, rows += rowStride, gradRows += rowStride)
        {
            float* p0 = pixels + at0[i], p1 = pixels + at1[i], p2 = pixels + at2[i], p3 = pixels + at3[i];
            float* g0 = gradPixels + at0[i], g1 = gradPixels + at1[i], g2 = gradPixels + at2[i], g3 = gradPixels + at3[i];
            var (v0, v1, v2, v3) = (Vector256.Create(w0[i]), Vector256.Create(w1[i]), Vector256.Create(w2[i]), Vector256.Create(w3[i]));
            var (d0, d1, d2, d3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var channel = 0;
            for (; channel <= channels - Lanes.Count; channel += Lanes.Count)
            {
                var gradient = Vector256.Load(gradRows + channel);
                var (x0, x1, x2, x3) = (Vector256.Load(p0 + channel), Vector256.Load(p1 + channel), Vector256.Load(p2 + channel), Vector256.Load(p3 + channel));
                d0 = Vector256.FusedMultiplyAdd(gradient, x0, d0);
                d1 = Vector256.FusedMultiplyAdd(gradient, x1, d1);
                d2 = Vector256.FusedMultiplyAdd(gradient, x2, d2);
                d3 = Vector256.FusedMultiplyAdd(gradient, x3, d3);

                // One after the other: several pixels outside are the same one.
                Vector256.FusedMultiplyAdd(gradient, v0, Vector256.Load(g0 + channel)).Store(g0 + channel);
                Vector256.FusedMultiplyAdd(gradient, v1, Vector256.Load(g1 + channel)).Store(g1 + channel);
                Vector256.FusedMultiplyAdd(gradient, v2, Vector256.Load(g2 + channel)).Store(g2 + channel);
                Vector256.FusedMultiplyAdd(gradient, v3, Vector256.Load(g3 + channel)).Store(g3 + channel);
                var sum = Vector256.FusedMultiplyAdd(x1, v1, x0 * v0);
                sum = Vector256.FusedMultiplyAdd(x2, v2, sum);
                Vector256.FusedMultiplyAdd(x3, v3, sum).Store(rows + channel);
            }

            var (s0, s1, s2, s3) = (Fold(d0), Fold(d1), Fold(d2), Fold(d3));
            if (channel <= channels - Half)
            {
                var gradient = Vector128.Load(gradRows + channel);
                var (x0, x1, x2, x3) = (Vector128.Load(p0 + channel), Vector128.Load(p1 + channel), Vector128.Load(p2 + channel), Vector128.Load(p3 + channel));
                s0 = Vector128.FusedMultiplyAdd(gradient, x0, s0);
                s1 = Vector128.FusedMultiplyAdd(gradient, x1, s1);
                s2 = Vector128.FusedMultiplyAdd(gradient, x2, s2);
                s3 = Vector128.FusedMultiplyAdd(gradient, x3, s3);
                Vector128.FusedMultiplyAdd(gradient, v0.GetLower(), Vector128.Load(g0 + channel)).Store(g0 + channel);
                Vector128.FusedMultiplyAdd(gradient, v1.GetLower(), Vector128.Load(g1 + channel)).Store(g1 + channel);
                Vector128.FusedMultiplyAdd(gradient, v2.GetLower(), Vector128.Load(g2 + channel)).Store(g2 + channel);
                Vector128.FusedMultiplyAdd(gradient, v3.GetLower(), Vector128.Load(g3 + channel)).Store(g3 + channel);
                var sum = Vector128.FusedMultiplyAdd(x1, v1.GetLower(), x0 * v0.GetLower());
                sum = Vector128.FusedMultiplyAdd(x2, v2.GetLower(), sum);
                Vector128.FusedMultiplyAdd(x3, v3.GetLower(), sum).Store(rows + channel);
                channel += Half;
            }

            var products = Vector128.Load(_products + (Corners * i)) + Lanes.Sums(s0, s1, s2, s3);
            for (; channel < channels; channel++)
            {
                var gradient = gradRows[channel];
                products = Vector128.FusedMultiplyAdd(Vector128.Create(p0[channel], p1[channel], p2[channel], p3[channel]), Vector128.Create(gradient), products);
                rows[channel] = (w0[i] * p0[channel]) + (w1[i] * p1[channel]) + (w2[i] * p2[channel]) + (w3[i] * p3[channel]);
                g0[channel] += w0[i] * gradient;
                g1[channel] += w1[i] * gradient;
                g2[channel] += w2[i] * gradient;
                g3[channel] += w3[i] * gradient;
            }

            products.Store(_products + (Corners * i));
        }
    }

    /// <summary>Gives the gradients of a tap's offsets and mask.</summary>
    /// <param name="group">The deformable group.</param>
    /// <param name="tap">The place of the kernel.</param>
    /// <param name="first">The first output position of the block.</param>
    /// <param name="count">Positions of the block.</param>
    /// <param name="gradOffsets">The picture's gradient of the offsets, which is added to; null where it is not wanted.</param>
    /// <param name="gradMask">The picture's gradient of the mask, which is added to; null where it is not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void EndGradients(int group, int tap, int first, int count, float* gradOffsets, float* gradMask)
    {
        var plane = (nint)(group * _shape.Taps) + tap;
        var gradY = gradOffsets is null ? null : gradOffsets + (2 * plane * _shape.OutputArea) + first;
        var gradX = gradOffsets is null ? null : gradY + _shape.OutputArea;
        var gradModulation = gradMask is null ? null : gradMask + (plane * _shape.OutputArea) + first;
        for (var i = 0; i < count; i++)
        {
            var products = _products + (Corners * i);
            var (upperLeft, upperRight, lowerLeft, lowerRight) = (products[0], products[1], products[2], products[3]);
            var (x, y) = (_reads.FractionX[i], _reads.FractionY[i]);
            var (alongUpper, alongLower) = (upperRight - upperLeft, lowerRight - lowerLeft);
            var (upper, lower) = (upperLeft + (x * alongUpper), lowerLeft + (x * alongLower));
            if (gradY is not null)
            {
                gradY[i] += _modulation[i] * _reads.SlopeY[i] * (lower - upper);
                gradX[i] += _modulation[i] * _reads.SlopeX[i] * (alongUpper + (y * (alongLower - alongUpper)));
            }

            if (gradModulation is not null)
                gradModulation[i] += upper + (y * (lower - upper));
        }
    }

    public void Dispose()
    {
        _reads.Dispose();
        _memory.Dispose();
    }

    private const int Half = Lanes.Count / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fold(Vector256<float> eight) => eight.GetLower() + eight.GetUpper();

    private float* Weight(int corner) => _weights + (corner * (Capacity + Lanes.Count));
}
