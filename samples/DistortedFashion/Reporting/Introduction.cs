using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;

/// <summary>The lines at the beginning of a run.</summary>
internal static class Introduction
{
    /// <summary>Writes them.</summary>
    public static void Write(IAnsiConsole console, ExperimentOptions options, FashionMnistDataSet data)
    {
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[bold]{options.Distortion.Name}[/]: {options.Distortion.Description}. {options.Run.Images} images, distorted afresh in each of {options.Run.Epochs} epoch(s), {options.Run.Threads} thread(s).");
        console.MarkupLine(
            DistortedFashionView.HoldsOut(data, options.Run.Images)
                ? "Validation: the last 2,000 images of the training file, which are not trained on, under fixed distortions."
                : "Validation: the last 2,000 training images under fixed distortions that no epoch uses; the images themselves are trained on.");
    }
}
