using System.Text.Json.Serialization;
using Microsoft.ML.Spatial.Samples.FashionMnist.Training;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>What came of one model.</summary>
internal sealed record ModelResult
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The number of its parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>The number of wrong predictions on the test images.</summary>
    public required int TestWrong { get; init; }

    /// <summary>The share of wrong predictions, in percent.</summary>
    public required double TestError { get; init; }

    /// <summary>The number of wrong predictions of the saved model in another process.</summary>
    public int ReloadedTestWrong { get; init; }

    /// <summary>Their share in percent.</summary>
    public double ReloadedTestError { get; init; }

    /// <summary>Training images a second, over all epochs.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The epochs.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The saved model.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Whether the saved model predicts in another process what the trained one does.</summary>
    [JsonIgnore]
    public bool IsSameElsewhere => ReloadedTestWrong == TestWrong;
}
