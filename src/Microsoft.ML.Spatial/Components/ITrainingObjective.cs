using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What a training goes down, and what is measured on validation rows.</summary>
internal interface ITrainingObjective : IDisposable
{
    /// <summary>Fewest images in a batch for there to be a loss.</summary>
    int LeastBatch { get; }

    /// <summary>Mean loss of a batch, a scalar with gradients.</summary>
    /// <param name="images">Images [N, C, H, W].</param>
    /// <param name="labels">Class indices [N].</param>
    Tensor Loss(Tensor images, Tensor labels);

    /// <summary>Brings random numbers that <see cref="Loss"/> draws to where they were after so many images.</summary>
    void Skip(long images);

    /// <summary>Mean loss of a batch and, where labels mean something, how many answers are right.</summary>
    (double Loss, long? Right) Measure(Tensor images, Tensor labels);
}
