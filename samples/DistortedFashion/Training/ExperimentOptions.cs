using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>What an <see cref="Experiment"/> trains, on what, and how.</summary>
internal sealed record ExperimentOptions
{
    /// <summary>The distortion of the pictures.</summary>
    public required Distortion Distortion { get; init; }

    /// <summary>The names of the models, in the order of training.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>The number of training images.</summary>
    public required int Images { get; init; }

    /// <summary>The number of test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>The seed of weights and order.</summary>
    public required int Seed { get; init; }

    /// <summary>The seed of the distortions.</summary>
    public required int DataSeed { get; init; }

    /// <summary>The number of threads that compute.</summary>
    public required int Threads { get; init; }

    /// <summary>The number of images in a training step.</summary>
    public required int Batch { get; init; }

    /// <summary>The learning rate of the localisation network, relative to the rest.</summary>
    public required double LocalisationFactor { get; init; }

    /// <summary>The folder of the results.</summary>
    public required string Output { get; init; }

    /// <summary>Where the data set is.</summary>
    public required FashionMnistFiles Files { get; init; }
}
