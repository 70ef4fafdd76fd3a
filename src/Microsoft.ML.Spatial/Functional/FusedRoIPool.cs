using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>A pooling of RoIs by its kernel. Tensors come in the order input, offsets.</summary>
internal sealed record FusedRoIPool(RoIPooling Pooling, bool HasOffsets) : FusedFunction
{
    // Up to so many channels blocks of four are less work than one of sixteen.
    private const int MostFourfold = 8;

    /// <summary>A mean of given bins needs no picture for its gradient, nor need the picture be kept for it.</summary>
    protected override int SavedCount => HasOffsets ? 2 : Pooling.IsMaximum ? 1 : 0;

    /// <summary>Whether the kernels take these tensors: single precision on the CPU, each, and a picture laid out for the kernel, within what a span reaches.</summary>
    internal static bool Takes(Tensor input, Tensor? offsets, RoIPooling pooling)
    {
        var shape = pooling.Shape;
        return input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32
            && CpuFloats.Reaches(input.NumberOfElements) && CpuFloats.Reaches(offsets?.NumberOfElements ?? 0)
            && CpuFloats.Reaches((long)pooling.Count * shape.OutputChannels * shape.Bins)
            && CpuFloats.Reaches((shape.ChannelsOfClass + SixteenChannels.Count - 1L) * shape.Classes * shape.Groups * shape.Area);
    }

    protected override unsafe Tensor Forward(IReadOnlyList<Tensor> tensors)
    {
        using var scope = torch.NewDisposeScope();
        var output = TensorFactory.Empty(Pooling.OutputShape, ScalarType.Float32, CPU);
        if (output.NumberOfElements > 0)
            Kernel(Contiguous(tensors.ElementAtOrDefault(1)), null).Forward(Contiguous(tensors[0]), CpuFloats.Address(output), get_num_threads());
        return output.MoveToOuterDisposeScope();
    }

    protected override unsafe Tensor?[] Backward(IReadOnlyList<Tensor> saved, Tensor gradOutput, long[]?[] wants)
    {
        using var scope = torch.NewDisposeScope();
        var isEmpty = gradOutput.NumberOfElements == 0;

        // The kernel writes all of the input's, and adds to the offsets'.
        var gradients = wants.Select((shape, i) =>
            shape is null ? null
            : i == 0 && !isEmpty ? TensorFactory.Empty(shape, ScalarType.Float32, CPU)
            : TensorFactory.Zeros(shape, ScalarType.Float32, CPU)).ToArray();
        if (!isEmpty)
        {
            var gradOffsets = Contiguous(gradients.ElementAtOrDefault(1));
            Kernel(Contiguous(saved.ElementAtOrDefault(1)), gradOffsets).Backward(
                Contiguous(saved.ElementAtOrDefault(0)), Contiguous(gradOutput), Contiguous(gradients[0]), gradOffsets is not null, get_num_threads());
        }

        foreach (var gradient in gradients)
            gradient?.MoveToOuterDisposeScope();
        return gradients;
    }

    private static unsafe float* Contiguous(Tensor? tensor) => tensor is null ? null : CpuFloats.Address(tensor.contiguous());

    private unsafe IRoIKernel Kernel(float* offsets, float* gradOffsets)
    {
        var shape = Pooling.Shape;
        var rois = new RoIList(Array.ConvertAll(Pooling.RoIs, value => (float)value), shape.Pictures);
        RoIBins NewBins(nint width) => Pooling.Lattice is { } lattice
            ? new LatticeBins(shape, rois, lattice, width, offsets, gradOffsets)
            : new PixelBins(shape, rois, Pooling.Pixels!, width);
        return Pooling.IsMaximum ? new BinMaxKernel(shape, rois, NewBins)
            : shape.ChannelsOfClass > MostFourfold ? new BinMeanKernel<SixteenChannels>(shape, rois, NewBins)
            : new BinMeanKernel<FourChannels>(shape, rois, NewBins);
    }
}
