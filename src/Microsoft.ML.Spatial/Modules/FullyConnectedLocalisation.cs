using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>
/// A fully connected localisation network: <c>[N, channels, height, width]</c> to theta <c>[N, P]</c> through three layers of 32 units with ReLU.
/// The last layer starts with zero weights and the identity as its bias.
/// </summary>
/// <remarks>
/// Convention: theta is what the grid generator it is paired with reads.
/// Source: Jaderberg et al. 2015, arXiv 1506.02025, section 3.1 and appendix A (the localisation network of ST-FCN).
/// </remarks>
public sealed class FullyConnectedLocalisation : nn.Module<Tensor, Tensor>
{
    private const int Hidden = 32;

    // The names of these fields are the names of the weights in a model file.
    private readonly Linear hidden1;
    private readonly Linear hidden2;
    private readonly Linear hidden3;
    private readonly Linear theta;

    private readonly InputShape _input;

    /// <summary>A network for pictures of one size.</summary>
    /// <param name="channels">Channels of the input, at least 1.</param>
    /// <param name="height">Height of the input in pixels, at least 1.</param>
    /// <param name="width">Width of the input in pixels, at least 1.</param>
    /// <param name="identityTheta">The theta to start from, usually <see cref="GridGenerator.IdentityTheta"/>; its length is P.</param>
    /// <exception cref="ArgumentNullException"><paramref name="identityTheta"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="identityTheta"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public FullyConnectedLocalisation(long channels, long height, long width, float[] identityTheta) : base(nameof(FullyConnectedLocalisation))
    {
        ThetaLayer.Check(identityTheta);
        _input = new InputShape(channels, height, width);

        hidden1 = nn.Linear(channels * height * width, Hidden);
        hidden2 = nn.Linear(Hidden, Hidden);
        hidden3 = nn.Linear(Hidden, Hidden);
        theta = ThetaLayer.Create(Hidden, identityTheta);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Theta <c>[N, P]</c> of a batch <c>[N, channels, height, width]</c>.</summary>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    public override Tensor forward(Tensor input)
    {
        _input.Check(input);
        using var scope = torch.NewDisposeScope();
        var values = HiddenLayer.Apply(hidden1, input.flatten(1));
        values = HiddenLayer.Apply(hidden2, values);
        values = HiddenLayer.Apply(hidden3, values);
        return theta.call(values).MoveToOuterDisposeScope();
    }
}
