using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>What a <see cref="PredictionRun"/> predicts, and with which model.</summary>
internal sealed record PredictionOptions
{
    /// <summary>The saved model.</summary>
    public required string Model { get; init; }

    /// <summary>The distortion of the pictures.</summary>
    public required Distortion Distortion { get; init; }

    /// <summary>The number of test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>The seed of the distortions.</summary>
    public required int DataSeed { get; init; }

    /// <summary>The file of the contact sheet; null for none.</summary>
    public required string? Sheet { get; init; }

    /// <summary>The file of the report; null for none.</summary>
    public required string? Report { get; init; }

    /// <summary>Where the data set is.</summary>
    public required FashionMnistFiles Files { get; init; }
}
