using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>The source points of projective transformations.</summary>
/// <param name="theta"><c>[N, 8]</c>: a, b, c, d, e, f, g, h in normalised coordinates.</param>
/// <param name="leastDenominator">What a smaller denominator is taken for, with its sign.</param>
/// <param name="centres">Where the output's pixels lie.</param>
/// <param name="horizontal">The input's x axis.</param>
/// <param name="vertical">The input's y axis.</param>
internal sealed unsafe class ProjectivePoints(float[] theta, float leastDenominator, PixelCentres centres, Axis horizontal, Axis vertical) : SourcePoints
{
    private const int Parameters = 8;

    /// <summary>Gradients of theta, <c>[N, 8]</c>.</summary>
    public override double[] Gradient { get; } = new double[theta.Length];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(int picture, int first, int count, float* x, float* y)
    {
        var (scaleX, scaleY) = (Vector256.Create((float)horizontal.Scale), Vector256.Create((float)vertical.Scale));
        var (startX, startY) = (Vector256.Create((float)(horizontal.Scale + horizontal.Origin)), Vector256.Create((float)(vertical.Scale + vertical.Origin)));
        foreach (var (row, column, at, length) in centres.Rows(first, count))
        {
            var forms = new Forms(theta.AsSpan(Parameters * picture, Parameters), centres.Y[row]);
            for (var i = 0; i < length; i += Lanes.Count)
            {
                var (sourceX, sourceY, _, _) = forms.At(Vector256.Load(centres.X + column + i), leastDenominator);
                Vector256.FusedMultiplyAdd(sourceX, scaleX, startX).Store(x + at + i);
                Vector256.FusedMultiplyAdd(sourceY, scaleY, startY).Store(y + at + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int picture, int first, int count, float* x, float* y)
    {
        var gradient = Gradient.AsSpan(Parameters * picture, Parameters);
        var (scaleX, scaleY) = (Vector256.Create((float)horizontal.Scale), Vector256.Create((float)vertical.Scale));
        foreach (var (row, column, at, length) in centres.Rows(first, count))
        {
            var forms = new Forms(theta.AsSpan(Parameters * picture, Parameters), centres.Y[row]);
            var (sumX, sumXX, sumY, sumYX, sumW, sumWX) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var i = 0; i < length; i += Lanes.Count)
            {
                var centre = Vector256.Load(centres.X + column + i);
                var (sourceX, sourceY, inverse, isFree) = forms.At(centre, leastDenominator);

                // A point that takes no part must not bring in what is not finite.
                var (given, givenY) = (Lanes.Load(x + at + i, length - i), Lanes.Load(y + at + i, length - i));
                var gx = Weigh(given, scaleX * inverse);
                var gy = Weigh(givenY, scaleY * inverse);
                var gw = -(Weigh(gx, sourceX) + Weigh(gy, sourceY)) & isFree;
                (sumX, sumY, sumW) = (sumX + gx, sumY + gy, sumW + gw);
                sumXX = Vector256.FusedMultiplyAdd(gx, centre, sumXX);
                sumYX = Vector256.FusedMultiplyAdd(gy, centre, sumYX);
                sumWX = Vector256.FusedMultiplyAdd(gw, centre, sumWX);
            }

            var (alongX, alongY, alongW) = ((double)Vector256.Sum(sumX), (double)Vector256.Sum(sumY), (double)Vector256.Sum(sumW));
            gradient[0] += Vector256.Sum(sumXX);
            gradient[1] += alongX * centres.Y[row];
            gradient[2] += alongX;
            gradient[3] += Vector256.Sum(sumYX);
            gradient[4] += alongY * centres.Y[row];
            gradient[5] += alongY;
            gradient[6] += Vector256.Sum(sumWX);
            gradient[7] += alongW * centres.Y[row];
        }
    }

    /// <summary>A product that is zero where the gradient is, whatever the other factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Weigh(Vector256<float> gradient, Vector256<float> factor) =>
        Vector256.AndNot(gradient * factor, Vector256.Equals(gradient, Vector256<float>.Zero));

    /// <summary>The three linear forms of a transformation along one row of the output.</summary>
    private readonly ref struct Forms(ReadOnlySpan<float> theta, double y)
    {
        private readonly Vector256<float> _a = Vector256.Create(theta[0]);
        private readonly Vector256<float> _bc = Vector256.Create((float)((theta[1] * y) + theta[2]));
        private readonly Vector256<float> _d = Vector256.Create(theta[3]);
        private readonly Vector256<float> _ef = Vector256.Create((float)((theta[4] * y) + theta[5]));
        private readonly Vector256<float> _g = Vector256.Create(theta[6]);
        private readonly Vector256<float> _h1 = Vector256.Create((float)((theta[7] * y) + 1));

        /// <summary>Normalised source points, the inverse denominator, and all bits where that depends on theta.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector256<float> X, Vector256<float> Y, Vector256<float> Inverse, Vector256<float> IsFree) At(Vector256<float> x, float least)
        {
            var denominator = Vector256.FusedMultiplyAdd(_g, x, _h1);
            var isSmall = Vector256.LessThan(Vector256.Abs(denominator), Vector256.Create(least));
            var floor = Vector256.ConditionalSelect(Vector256.LessThan(denominator, Vector256<float>.Zero), Vector256.Create(-least), Vector256.Create(least));
            var inverse = Vector256<float>.One / Vector256.ConditionalSelect(isSmall, floor, denominator);
            return (Vector256.FusedMultiplyAdd(_a, x, _bc) * inverse, Vector256.FusedMultiplyAdd(_d, x, _ef) * inverse, inverse, ~isSmall);
        }
    }
}
