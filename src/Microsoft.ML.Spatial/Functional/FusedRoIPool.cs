using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>The kernels that pool RoIs as one operator of torch's graph, for float32 on the CPU.</summary>
internal static class FusedRoIPool
{
    // Up to so many channels blocks of four are less work than one of sixteen.
    private const int MostFourfold = 8;

    /// <summary>Whether the kernels take these tensors.</summary>
    internal static bool Takes(Tensor input, Tensor? offsets, RoIPooling pooling) =>
        TensorMemory.IsTaken(input) && (offsets is null || TensorMemory.IsTaken(offsets)) && TensorMemory.Fits(pooling.OutputShape.Aggregate(1L, (product, side) => product * side));

    /// <summary>Pools by checked tensors.</summary>
    internal static Tensor Apply(Tensor input, Tensor? offsets, RoIPooling pooling)
    {
        if (!input.requires_grad && offsets is not { requires_grad: true })
            return Forward(input, offsets, pooling);

        // What forward handed over is another handle than the result in the graph.
        using var scope = torch.NewDisposeScope();
        return (offsets is null ? Function.apply(input, pooling) : Function.apply(input, pooling, offsets)).MoveToOuterDisposeScope();
    }

    private static unsafe Tensor Forward(Tensor input, Tensor? offsets, RoIPooling pooling)
    {
        using var scope = torch.NewDisposeScope();
        var output = TensorFactory.Empty(pooling.OutputShape, ScalarType.Float32, CPU);
        if (output.NumberOfElements > 0)
        {
            var (pictures, moves) = (input.contiguous(), offsets?.contiguous());
            Kernel(pooling, AddressOf(moves), null).Forward(TensorMemory.Address(pictures), TensorMemory.Address(output), get_num_threads());
        }

        return output.MoveToOuterDisposeScope();
    }

    private static unsafe (Tensor? Input, Tensor? Offsets) Backward(List<Tensor> saved, Tensor gradOutput, RoIPooling pooling, long[] inputShape, long[] offsetsShape)
    {
        using var scope = torch.NewDisposeScope();
        var isEmpty = gradOutput.NumberOfElements == 0;
        var gradInput = inputShape.Length == 0 ? null
            : isEmpty ? TensorFactory.Zeros(inputShape, ScalarType.Float32, CPU)
            : TensorFactory.Empty(inputShape, ScalarType.Float32, CPU);
        var gradOffsets = offsetsShape.Length > 0 ? TensorFactory.Zeros(offsetsShape, ScalarType.Float32, CPU) : null;
        if (!isEmpty)
        {
            var (gradient, pictures, moves) = (gradOutput.contiguous(), saved.ElementAtOrDefault(0)?.contiguous(), saved.ElementAtOrDefault(1)?.contiguous());
            Kernel(pooling, AddressOf(moves), AddressOf(gradOffsets)).Backward(
                AddressOf(pictures), TensorMemory.Address(gradient), AddressOf(gradInput), gradOffsets is not null, get_num_threads());
        }

        return (gradInput?.MoveToOuterDisposeScope(), gradOffsets?.MoveToOuterDisposeScope());
    }

    private static unsafe float* AddressOf(Tensor? tensor) => tensor is null ? null : TensorMemory.Address(tensor);

    private static unsafe IRoIKernel Kernel(RoIPooling pooling, float* offsets, float* gradOffsets)
    {
        var shape = pooling.Shape;
        var rois = new RoIList(Array.ConvertAll(pooling.RoIs, value => (float)value), shape.Pictures);
        RoIBins NewBins(nint width) => pooling.Lattice is { } lattice
            ? new LatticeBins(shape, rois, lattice, width, offsets, gradOffsets)
            : new PixelBins(shape, rois, pooling.Pixels!, width);
        return pooling.IsMaximum ? new BinMaxKernel(shape, rois, NewBins)
            : shape.ChannelsOfClass > MostFourfold ? new BinMeanKernel<SixteenChannels>(shape, rois, NewBins)
            : new BinMeanKernel<FourChannels>(shape, rois, NewBins);
    }

    /// <summary>The node of the graph.</summary>
    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        private const string PoolingName = "pooling", InputName = "input", OffsetsName = "offsets", CountName = "count";

        public override string Name => nameof(FusedRoIPool);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (input, pooling, offsets) = ((Tensor)vars[0], (RoIPooling)vars[1], (Tensor?)vars.ElementAtOrDefault(2));

            // A mean of given bins needs no picture for its gradient, nor need the picture be kept for it.
            List<Tensor> needed = offsets is not null ? [input, offsets] : pooling.IsMaximum ? [input] : [];
            if (needed.Count > 0)
                ctx.save_for_backward(needed);
            ctx.save_data(CountName, needed.Count);
            ctx.save_data(PoolingName, pooling);
            ctx.save_data(InputName, input.requires_grad ? input.shape : []);
            ctx.save_data(OffsetsName, offsets is { requires_grad: true } ? offsets.shape : []);
            return Forward(input, offsets, pooling);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var (inputShape, offsetsShape) = ((long[])ctx.get_data(InputName), (long[])ctx.get_data(OffsetsName));
            var count = (int)ctx.get_data(CountName);
            Tensor? gradInput, gradOffsets;
            try
            {
                var saved = count > 0 ? ctx.get_saved_variables() : [];
                (gradInput, gradOffsets) = Backward(saved, grad_output, (RoIPooling)ctx.get_data(PoolingName), inputShape, offsetsShape);
            }
#pragma warning disable CA1031 // an exception here would end the process
            catch (Exception)
#pragma warning restore CA1031
            {
                (gradInput, gradOffsets) = (TensorMemory.NotANumber(inputShape), TensorMemory.NotANumber(offsetsShape));
            }

            List<Tensor> gradients = [gradInput?.MoveToOuterDisposeScope()!, null!];
            if (count == 2)
                gradients.Add(gradOffsets?.MoveToOuterDisposeScope()!);
            return gradients;
        }
    }
}
