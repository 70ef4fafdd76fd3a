using System.Diagnostics;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>What came of a run, as a file of results holds it.</summary>
/// <param name="Distortion">The distortion's name.</param>
/// <param name="Images">The number of training images.</param>
/// <param name="TestImages">The number of test images.</param>
/// <param name="Epochs">The number of epochs asked for.</param>
/// <param name="Batch">The number of images in a step.</param>
/// <param name="Seed">The seed of weights and order.</param>
/// <param name="DataSeed">The seed of the distortions.</param>
/// <param name="LocalisationFactor">The relative learning rate of the localisation network.</param>
/// <param name="Threads">The number of threads that computed.</param>
/// <param name="ValidationHeldOut">Whether the validation images are none of the training images.</param>
/// <param name="PeakMemoryBytes">The most memory the process has held.</param>
/// <param name="Seconds">The wall time of the run.</param>
/// <param name="Models">The models.</param>
internal sealed record ExperimentResult(
    string Distortion,
    int Images,
    int TestImages,
    int Epochs,
    int Batch,
    int Seed,
    int DataSeed,
    double LocalisationFactor,
    int Threads,
    bool ValidationHeldOut,
    long PeakMemoryBytes,
    double Seconds,
    IReadOnlyList<ModelResult> Models)
{
    /// <summary>What came of training these models.</summary>
    public static ExperimentResult Of(ExperimentOptions options, FashionMnistDataSet data, TimeSpan time, IReadOnlyList<ModelResult> models)
    {
        using var process = Process.GetCurrentProcess();
        return new(
            options.Distortion.Name, options.Run.Images, options.Run.TestImages, options.Run.Epochs, options.Run.Batch, options.Run.Seed, options.Run.DataSeed, options.LocalisationFactor, options.Run.Threads,
            DistortedFashionView.HoldsOut(data, options.Run.Images), process.PeakWorkingSet64, time.TotalSeconds, models);
    }

    /// <summary>Whether the same settings, the number of threads aside, lead here.</summary>
    public bool HasSettingsOf(ExperimentOptions options) =>
        (Distortion, Images, TestImages, Epochs, Batch, Seed, DataSeed, LocalisationFactor)
        == (options.Distortion.Name, options.Run.Images, options.Run.TestImages, options.Run.Epochs, options.Run.Batch, options.Run.Seed, options.Run.DataSeed, options.LocalisationFactor);
}
