using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Cross-entropy of the network's logits.</summary>
internal sealed class ClassificationObjective(SpatialNetwork network) : ITrainingObjective
{
    public int LeastBatch => 1;

    public Tensor Loss(Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(network.forward(images), labels).MoveToOuterDisposeScope();
    }

    public void Skip(long images)
    {
    }

    public (double Loss, long? Right) Measure(Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var logits = network.forward(images);
        return (nn.functional.cross_entropy(logits, labels).item<float>(), logits.argmax(1).eq(labels).sum().item<long>());
    }

    public void Dispose()
    {
    }
}
