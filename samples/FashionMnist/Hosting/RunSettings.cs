using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>How a sample trains, whatever it trains: what <see cref="RunOptions"/> reads from a command line.</summary>
internal sealed record RunSettings
{
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

    /// <summary>The folder of the results.</summary>
    public required string Output { get; init; }

    /// <summary>Where the data set is.</summary>
    public required FashionMnistFiles Files { get; init; }
}
