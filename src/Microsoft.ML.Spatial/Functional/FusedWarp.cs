using System.Runtime.InteropServices;
using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>The warp kernels as one operator of torch's graph, for float32 on the CPU.</summary>
internal static class FusedWarp
{
    /// <summary>What tells one warp from another, tensors aside.</summary>
    /// <param name="Kind">What theta is.</param>
    /// <param name="OutputHeight">Height of the output in pixels.</param>
    /// <param name="OutputWidth">Width of the output in pixels.</param>
    /// <param name="Mode">How the value between pixels is read.</param>
    /// <param name="Padding">What is read outside.</param>
    /// <param name="AlignCorners">The meaning of −1 and 1.</param>
    /// <param name="Spline">The control points of a thin plate spline.</param>
    internal sealed record Request(
        ThetaKind Kind, long OutputHeight, long OutputWidth, SamplingMode Mode, PaddingMode Padding, bool AlignCorners, ThinPlateSpline? Spline = null) : FusedFunction
    {
        protected override int SavedCount => 2;

        protected override Tensor Forward(IReadOnlyList<Tensor> tensors) => FusedWarp.Forward(tensors[0], tensors[1], this);

        protected override Tensor?[] Backward(IReadOnlyList<Tensor> saved, Tensor gradOutput, long[]?[] wants)
        {
            var (gradInput, gradTheta) = FusedWarp.Backward(saved[0], saved[1], gradOutput, this, wants[0] is not null, wants[1] is not null);
            return [gradInput, gradTheta];
        }
    }

    /// <summary>What a warp's second tensor holds.</summary>
    internal enum ThetaKind
    {
        Affine,
        Projective,
        ThinPlateSpline,
        Grid,
    }

    /// <summary>Whether the kernels take these tensors: single precision on the CPU, which counts all pixels of a side, each within what a span reaches.</summary>
    internal static bool Takes(Tensor input, Tensor theta, Request request) =>
        input.device_type == DeviceType.CPU && theta.device_type == DeviceType.CPU
        && input.dtype == ScalarType.Float32 && theta.dtype == ScalarType.Float32
        && input.shape[2] <= Axis.Longest && input.shape[3] <= Axis.Longest
        && CpuFloats.Reaches(input.NumberOfElements) && CpuFloats.Reaches(theta.NumberOfElements) && CpuFloats.Reaches(input.shape[0] * input.shape[1] * request.OutputHeight * request.OutputWidth);

    private static unsafe Tensor Forward(Tensor input, Tensor theta, Request request)
    {
        using var scope = torch.NewDisposeScope();
        var shape = ShapeOf(input, request);
        var output = TensorFactory.Empty([shape.Pictures, shape.Channels, shape.OutputHeight, shape.OutputWidth], ScalarType.Float32, CPU);
        if (output.NumberOfElements > 0)
        {
            var (pictures, parameters) = (input.contiguous(), theta.contiguous());
            using var points = new Points(shape, parameters, null, request);
            points.Kernel.Forward(CpuFloats.Address(pictures), CpuFloats.Address(output), get_num_threads());
        }

        return output.MoveToOuterDisposeScope();
    }

    private static unsafe (Tensor? Input, Tensor? Theta) Backward(Tensor input, Tensor theta, Tensor gradOutput, Request request, bool wantsInput, bool wantsTheta)
    {
        using var scope = torch.NewDisposeScope();
        var shape = ShapeOf(input, request);
        var isEmpty = gradOutput.NumberOfElements == 0;

        // The kernel writes all of it.
        var gradInput = !wantsInput ? null : isEmpty ? TensorFactory.Zeros(input.shape, ScalarType.Float32, CPU) : TensorFactory.Empty(input.shape, ScalarType.Float32, CPU);

        // The nearest pixel does not depend on the point in small steps.
        var gradPoints = wantsTheta && request.Mode != SamplingMode.Nearest;
        var gradTheta = gradPoints ? TensorFactory.Zeros(theta.shape, ScalarType.Float32, CPU) : null;
        if (!isEmpty && (wantsInput || gradPoints))
        {
            var (pictures, parameters, gradient) = (input.contiguous(), theta.contiguous(), gradOutput.contiguous());
            using var points = new Points(shape, parameters, gradTheta, request);
            points.Kernel.Backward(CpuFloats.Address(pictures), CpuFloats.Address(gradient), gradInput is null ? null : CpuFloats.Address(gradInput), gradPoints, get_num_threads());
            points.FinishGradient();
        }

        return (gradInput?.MoveToOuterDisposeScope(), gradTheta?.MoveToOuterDisposeScope());
    }

    private static WarpShape ShapeOf(Tensor input, Request request)
    {
        var shape = input.shape;
        return new WarpShape((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3], (int)request.OutputHeight, (int)request.OutputWidth);
    }

    /// <summary>The kernel of a request, with its source points.</summary>
    private sealed unsafe class Points : IDisposable
    {
        private readonly Tensor? _gradTheta;
        private readonly SourcePoints _points;
        private readonly PixelCentres? _centres;

        public Points(WarpShape shape, Tensor theta, Tensor? gradTheta, Request request)
        {
            _gradTheta = gradTheta;
            var (horizontal, vertical) = (AxisOf(shape.Width, request), AxisOf(shape.Height, request));
            switch (request.Kind)
            {
                case ThetaKind.Affine:
                    _centres = CentresOf(shape, request);
                    _points = new AffinePoints(Floats(theta), _centres, horizontal, vertical);
                    break;
                case ThetaKind.Projective:
                    var parameters = Floats(theta);
                    SpatialOps.BoundParameters(parameters);
                    _centres = CentresOf(shape, request);
                    _points = new ProjectivePoints(parameters, (float)SpatialOps.LeastDenominator, _centres, horizontal, vertical);
                    break;
                case ThetaKind.ThinPlateSpline:
                    var basis = request.Spline!.Basis(shape.OutputHeight, shape.OutputWidth, request.AlignCorners, Array.MaxLength);
                    _points = new SplinePoints(Floats(theta), basis.SinglePlanes, basis.SingleStride, horizontal, vertical);
                    break;
                default:
                    _points = new GridPoints(CpuFloats.Address(theta), gradTheta is null ? null : CpuFloats.Address(gradTheta), shape.OutputArea, horizontal, vertical);
                    break;
            }

            Kernel = new WarpKernel(shape, _points, horizontal, vertical, InterpolationOf(request.Mode));
        }

        public WarpKernel Kernel { get; }

        /// <summary>Writes the gradient of theta where the kernel has not.</summary>
        public void FinishGradient()
        {
            if (_gradTheta is null || _points.Gradient is not { } gradient)
                return;
            var to = MemoryMarshal.Cast<byte, float>(_gradTheta.bytes);
            for (var i = 0; i < to.Length; i++)
                to[i] = (float)gradient[i];
        }

        public void Dispose() => _centres?.Dispose();

        private static PixelCentres CentresOf(WarpShape shape, Request request)
        {
            double[] Centres(int side) => [.. Enumerable.Range(0, side).Select(i => PixelCentre.Normalised(i, side, request.AlignCorners))];
            return new PixelCentres(Centres(shape.OutputWidth), Centres(shape.OutputHeight));
        }

        private static Interpolation InterpolationOf(SamplingMode mode) => mode switch
        {
            SamplingMode.Nearest => Interpolation.Nearest,
            SamplingMode.Bilinear => Interpolation.Linear,
            _ => Interpolation.Cubic,
        };

        private static float[] Floats(Tensor theta) => MemoryMarshal.Cast<byte, float>(theta.bytes).ToArray();

        private static Axis AxisOf(int side, Request request) => request.Padding switch
        {
            PaddingMode.Zeros => Axis.WithZeros(side, request.AlignCorners),
            PaddingMode.Border => Axis.WithBorder(side, request.AlignCorners),
            _ => Axis.WithReflection(side, request.AlignCorners),
        };
    }
}
