using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>An operator of kernels, for tensors of single precision on the CPU, which <see cref="Apply"/> makes an operator of torch's graph.</summary>
internal abstract record FusedFunction
{
    /// <summary>How many tensors, the first ones, backward reads; of the others only the gradients are its business.</summary>
    protected abstract int SavedCount { get; }

    /// <summary>Calls the operator with checked tensors.</summary>
    internal Tensor Apply(params Tensor[] tensors)
    {
        if (!is_grad_enabled() || !tensors.Any(tensor => tensor.requires_grad))
            return Forward(tensors);

        // What forward handed over is another handle than the result in the graph.
        using var scope = torch.NewDisposeScope();
        return Node.apply([.. tensors, this]).MoveToOuterDisposeScope();
    }

    /// <summary>The result.</summary>
    protected abstract Tensor Forward(IReadOnlyList<Tensor> tensors);

    /// <summary>The gradients of all tensors, null for those that want none.</summary>
    /// <param name="saved">The first tensors.</param>
    /// <param name="gradOutput">The gradient of the result.</param>
    /// <param name="wants">For every tensor the shape of its gradient, null where it wants none.</param>
    protected abstract Tensor?[] Backward(IReadOnlyList<Tensor> saved, Tensor gradOutput, long[]?[] wants);

    /// <summary>The node of the graph. One object serves all calls, so what belongs to one stands in its context.</summary>
    private sealed class Node : autograd.SingleTensorFunction<Node>
    {
        private const string OperatorName = "operator", WantsName = "wants", GradientsName = "gradients";

        public override string Name => nameof(FusedFunction);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (tensors, function) = (vars.OfType<Tensor>().ToList(), (FusedFunction)vars[^1]);
            ctx.set_materialize_grads(false);
            if (function.SavedCount > 0)
                ctx.save_for_backward(tensors[..function.SavedCount]);
            ctx.save_data(OperatorName, function);
            ctx.save_data(WantsName, tensors.Select(tensor => tensor.requires_grad ? tensor.shape : null).ToArray());
            return function.Forward(tensors);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var wants = (long[]?[])ctx.get_data(WantsName);
            var function = (FusedFunction)ctx.get_data(OperatorName);
            Tensor?[] gradients;
            try
            {
                // Nothing behind the result had a gradient for it.
                gradients = grad_output is null || grad_output.IsInvalid
                    ? new Tensor?[wants.Length]
                    : function.Backward(function.SavedCount > 0 ? ctx.get_saved_variables() : [], grad_output, wants);
            }
#pragma warning disable CA1031 // an exception here would end the process
            catch (Exception)
#pragma warning restore CA1031
            {
                // A tensor was written to since: what is not a number spreads, and is seen, where zeros would pass for a gradient.
                gradients = Array.ConvertAll(wants, shape => shape is null ? null : TensorFactory.Zeros(shape, ScalarType.Float32, CPU).add(double.NaN));
            }

            // The graph takes them by their native handles: they have to live until it has.
            List<Tensor> given = [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!), null!];
            ctx.save_data(GradientsName, given);
            return given;
        }
    }
}
