using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// Batch normalisation by statistics and an affine map that are given and never change: y = x·s + (β - μ·s) with s = γ / √(σ² + ε) for each channel. Detectors that start from
/// trained weights train with few images a batch, whose own statistics would be worse than those of the data set that the weights come from.
/// </summary>
/// <remarks>All four are buffers, by the names that batch normalisation gives them: they are saved and loaded, and no optimiser finds them.</remarks>
internal sealed class FrozenBatchNorm2d : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;

    // The names of these fields are part of the names of the weights in a model file; moving the module to another type or device sets them.
    private Tensor weight;
    private Tensor bias;
    private Tensor running_mean;
    private Tensor running_var;

    /// <summary>One that changes next to nothing: mean 0, variance 1, and the affine map the identity.</summary>
    /// <param name="channels">Channels of the maps.</param>
    public FrozenBatchNorm2d(long channels) : base(nameof(FrozenBatchNorm2d))
    {
        using var scope = torch.NewDisposeScope();
        Tensor Filled(double value)
        {
            var filled = TensorFactory.Empty([channels], ScalarType.Float32, CPU);
            nn.init.constant_(filled, value);
            return filled;
        }

        (weight, bias, running_mean, running_var) = (Filled(1), Filled(0), Filled(0), Filled(1));
        RegisterComponents();
        this.OwnWeights();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        var scale = weight.div(running_var.add(Epsilon).sqrt());
        var shift = bias.sub(running_mean.mul(scale));

        // The sum in place: nothing needs the product, not even its gradient.
        return input.mul(scale.view(-1, 1, 1)).add_(shift.view(-1, 1, 1)).MoveToOuterDisposeScope();
    }
}
