using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Deformable convolution by its kernel. Tensors come in the order input, offsets, weight, mask, bias.</summary>
internal sealed record FusedDeformConv(DeformGeometry Geometry, bool HasMask) : FusedFunction
{
    protected override int SavedCount => HasMask ? 4 : 3;

    /// <summary>Whether the kernel takes these tensors: single precision on the CPU, which counts all pixels of a side, each within what a span reaches.</summary>
    internal static bool Takes(DeformGeometry geometry, Tensor input, Tensor offsets, Tensor weight) =>
        input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32
        && input.shape[2] <= Axis.Longest && input.shape[3] <= Axis.Longest
        && CpuFloats.Reaches((input.shape[2] * input.shape[3] + 1) * input.shape[1])
        && CpuFloats.Reaches(input.NumberOfElements) && CpuFloats.Reaches(offsets.NumberOfElements) && CpuFloats.Reaches(weight.NumberOfElements)
        && CpuFloats.Reaches(input.shape[0] * weight.shape[0] * geometry.OutputHeight * geometry.OutputWidth);

    protected override unsafe Tensor Forward(IReadOnlyList<Tensor> tensors)
    {
        using var scope = torch.NewDisposeScope();
        var shape = ShapeOf(tensors);
        var output = TensorFactory.Empty([shape.Pictures, shape.OutputChannels, shape.OutputHeight, shape.OutputWidth], ScalarType.Float32, CPU);
        if (shape.Pictures > 0)
            KernelOf(shape, tensors).Forward(tensors.Count > SavedCount ? Contiguous(tensors[SavedCount]) : null, CpuFloats.Address(output), get_num_threads());
        return output.MoveToOuterDisposeScope();
    }

    protected override unsafe Tensor?[] Backward(IReadOnlyList<Tensor> saved, Tensor gradOutput, long[]?[] wants)
    {
        using var scope = torch.NewDisposeScope();
        var shape = ShapeOf(saved);
        var gradients = Array.ConvertAll(wants, wanted =>
            wanted is null ? null
            : shape.Pictures == 0 ? TensorFactory.Zeros(wanted, ScalarType.Float32, CPU)
            : TensorFactory.Empty(wanted, ScalarType.Float32, CPU));
        float* Of(int i) => i < gradients.Length && gradients[i] is { } gradient ? CpuFloats.Address(gradient) : null;
        if (shape.Pictures > 0)
        {
            var gradient = Contiguous(gradOutput);
            if (Of(SavedCount) is not null)
                DeformKernel.BackwardBias(shape, gradient, Of(SavedCount));
            if (wants.Take(SavedCount).Any(wanted => wanted is not null))
            {
                KernelOf(shape, saved).Backward(
                    gradient, new DeformKernel.Gradients { Input = Of(0), Offsets = Of(1), Weight = Of(2), Mask = HasMask ? Of(3) : null }, get_num_threads());
            }
        }

        foreach (var gradient in gradients)
            gradient?.MoveToOuterDisposeScope();
        return gradients;
    }

    private DeformShape ShapeOf(IReadOnlyList<Tensor> tensors)
    {
        var (input, weight) = (tensors[0].shape, tensors[2].shape);
        return new DeformShape(
            (int)input[0], (int)input[1], (int)input[2], (int)input[3], (int)weight[0], (int)Geometry.OutputHeight, (int)Geometry.OutputWidth,
            (int)weight[2], (int)weight[3], (int)Geometry.Stride.Vertical, (int)Geometry.Stride.Horizontal, (int)Geometry.Padding.Vertical, (int)Geometry.Padding.Horizontal,
            (int)Geometry.Dilation.Vertical, (int)Geometry.Dilation.Horizontal, (int)Geometry.WeightGroups, (int)Geometry.DeformGroups);
    }

    /// <summary>The kernel over the memory of tensors, which the caller's scope keeps.</summary>
    private unsafe DeformKernel KernelOf(DeformShape shape, IReadOnlyList<Tensor> tensors) =>
        new(shape, Contiguous(tensors[0]), Contiguous(tensors[1]), HasMask ? Contiguous(tensors[3]) : null, Contiguous(tensors[2]));

    private static unsafe float* Contiguous(Tensor tensor) => CpuFloats.Address(tensor.contiguous());
}
