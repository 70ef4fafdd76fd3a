using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>A fully connected classifier: <c>[N, channels, height, width]</c> to logits <c>[N, classes]</c> through two layers of 256 units with ReLU.</summary>
/// <remarks>
/// Convention: logits are unnormalised; softmax turns them into probabilities. Source: the FCN of Jaderberg et al. 2015, arXiv 1506.02025,
/// section 4.1 and appendix A.
/// </remarks>
public sealed class FullyConnectedClassifier : nn.Module<Tensor, Tensor>
{
    private const int Hidden = 256;

    // The names of these fields are the names of the weights in a model file.
    private readonly Linear hidden1;
    private readonly Linear hidden2;
    private readonly Linear output;

    private readonly InputShape _input;

    /// <summary>A network for pictures of one size.</summary>
    /// <param name="channels">Channels of the input, at least 1.</param>
    /// <param name="height">Height of the input in pixels, at least 1.</param>
    /// <param name="width">Width of the input in pixels, at least 1.</param>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public FullyConnectedClassifier(long channels, long height, long width, long classes) : base(nameof(FullyConnectedClassifier))
    {
        _input = new InputShape(channels, height, width);
        TensorCheck.Positive(classes, nameof(classes));

        hidden1 = nn.Linear(channels * height * width, Hidden);
        hidden2 = nn.Linear(Hidden, Hidden);
        output = nn.Linear(Hidden, classes);
        RegisterComponents();
        this.OwnWeights();
    }

    /// <summary>Logits <c>[N, classes]</c> of a batch <c>[N, channels, height, width]</c>.</summary>
    /// <exception cref="ArgumentException">The batch has another shape than the network was built for.</exception>
    public override Tensor forward(Tensor input)
    {
        _input.Check(input);
        using var scope = torch.NewDisposeScope();
        var values = HiddenLayer.Apply(hidden1, input.flatten(1));
        values = HiddenLayer.Apply(hidden2, values);
        return output.call(values).MoveToOuterDisposeScope();
    }
}
