using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>The kernel of deformable convolution as an operator of torch's graph, for float32 on the CPU.</summary>
internal static class FusedDeformConv
{
    /// <summary>Whether the kernel takes these tensors: single precision on the CPU, each within what a span reaches.</summary>
    internal static bool Takes(DeformGeometry geometry, Tensor input, Tensor offsets, Tensor weight, Tensor? bias, Tensor? mask) =>
        input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32
        && new[] { input, offsets, weight, bias, mask }.All(tensor => tensor is null || CpuFloats.Reaches(tensor.NumberOfElements))
        && CpuFloats.Reaches(input.shape[0] * weight.shape[0] * geometry.OutputHeight * geometry.OutputWidth)
        && CpuFloats.Reaches((input.shape[2] * input.shape[3] + 1) * input.shape[1]);

    /// <summary>Convolves checked tensors.</summary>
    internal static Tensor Apply(DeformGeometry geometry, Tensor input, Tensor offsets, Tensor weight, Tensor? bias, Tensor? mask)
    {
        Tensor[] tensors = [.. new[] { input, offsets, weight, bias, mask }.OfType<Tensor>()];
        var request = new Request(geometry, bias is not null, mask is not null);
        if (!tensors.Any(tensor => tensor.requires_grad))
            return Forward(request, tensors);

        // What forward handed over is another handle than the result in the graph.
        using var scope = torch.NewDisposeScope();
        return Function.apply([.. tensors, request]).MoveToOuterDisposeScope();
    }

    /// <summary>What tells one convolution from another, tensors aside, which come in the order input, offsets, weight, bias, mask.</summary>
    private sealed record Request(DeformGeometry Geometry, bool HasBias, bool HasMask)
    {
        public Tensor? Bias(IReadOnlyList<Tensor> tensors) => HasBias ? tensors[3] : null;

        public Tensor? Mask(IReadOnlyList<Tensor> tensors) => HasMask ? tensors[HasBias ? 4 : 3] : null;

        public DeformShape Shape(IReadOnlyList<Tensor> tensors)
        {
            var (input, weight) = (tensors[0].shape, tensors[2].shape);
            return new DeformShape(
                (int)input[0], (int)input[1], (int)input[2], (int)input[3], (int)weight[0], (int)Geometry.OutputHeight, (int)Geometry.OutputWidth,
                (int)weight[2], (int)weight[3], (int)Geometry.Stride.Vertical, (int)Geometry.Stride.Horizontal, (int)Geometry.Padding.Vertical, (int)Geometry.Padding.Horizontal,
                (int)Geometry.Dilation.Vertical, (int)Geometry.Dilation.Horizontal, (int)Geometry.WeightGroups, (int)Geometry.DeformGroups);
        }
    }

    private static unsafe Tensor Forward(Request request, IReadOnlyList<Tensor> tensors)
    {
        using var scope = torch.NewDisposeScope();
        var shape = request.Shape(tensors);
        var output = TensorFactory.Empty([shape.Pictures, shape.OutputChannels, shape.OutputHeight, shape.OutputWidth], ScalarType.Float32, CPU);
        if (shape.Pictures > 0)
            KernelOf(request, shape, tensors).Forward(Contiguous(request.Bias(tensors)), CpuFloats.Address(output), get_num_threads());
        return output.MoveToOuterDisposeScope();
    }

    private static unsafe Tensor?[] Backward(Request request, IReadOnlyList<Tensor> tensors, Tensor gradOutput, bool[] wants)
    {
        using var scope = torch.NewDisposeScope();
        var shape = request.Shape(tensors);
        Tensor?[] gradients = [.. tensors.Select((tensor, i) => wants[i] ? TensorFactory.Zeros(tensor.shape, ScalarType.Float32, CPU) : null)];
        float* Of(Tensor? gradient) => gradient is null ? null : CpuFloats.Address(gradient);
        if (shape.Pictures > 0)
        {
            var gradient = gradOutput.contiguous();
            if (request.HasBias && wants[3])
                DeformKernel.BackwardBias(shape, CpuFloats.Address(gradient), Of(gradients[3]));
            var maskAt = request.HasBias ? 4 : 3;
            KernelOf(request, shape, tensors).Backward(
                CpuFloats.Address(gradient),
                new DeformKernel.Gradients { Input = Of(gradients[0]), Offsets = Of(gradients[1]), Weight = Of(gradients[2]), Mask = request.HasMask ? Of(gradients[maskAt]) : null },
                get_num_threads());
        }

        foreach (var gradient in gradients)
            gradient?.MoveToOuterDisposeScope();
        return gradients;
    }

    /// <summary>The kernel over the memory of tensors, which the caller's scope keeps.</summary>
    private static unsafe DeformKernel KernelOf(Request request, DeformShape shape, IReadOnlyList<Tensor> tensors) =>
        new(shape, Contiguous(tensors[0]), Contiguous(tensors[1]), Contiguous(request.Mask(tensors)), Contiguous(tensors[2]));

    private static unsafe float* Contiguous(Tensor? tensor) => tensor is null ? null : CpuFloats.Address(tensor.contiguous());

    /// <summary>The node of the graph.</summary>
    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        private const string RequestName = "request", ShapesName = "shapes";

        public override string Name => nameof(FusedDeformConv);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (tensors, request) = (vars.OfType<Tensor>().ToList(), (Request)vars[^1]);
            ctx.save_for_backward(tensors);
            ctx.save_data(RequestName, request);
            ctx.save_data(ShapesName, tensors.Select(tensor => tensor.requires_grad ? tensor.shape : null).ToArray());
            return Forward(request, tensors);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var shapes = (long[]?[])ctx.get_data(ShapesName);
            Tensor?[] gradients;
            try
            {
                gradients = Backward((Request)ctx.get_data(RequestName), ctx.get_saved_variables(), grad_output, Array.ConvertAll(shapes, shape => shape is not null));
            }
#pragma warning disable CA1031 // an exception here would end the process
            catch (Exception)
#pragma warning restore CA1031
            {
                // The graph was freed, or a tensor written to since: what is not a number spreads, and is seen, where zeros would pass for a gradient.
                gradients = Array.ConvertAll(shapes, CpuFloats.NotANumber);
            }

            return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!), null!];
        }
    }
}
