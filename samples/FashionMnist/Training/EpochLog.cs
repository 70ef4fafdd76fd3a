using System.Globalization;
using Microsoft.ML.Spatial.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Training;

/// <summary>Keeps what came of each epoch of a training, and shows it in one line.</summary>
/// <param name="console">Where the lines are written.</param>
/// <param name="model">The model's name.</param>
internal sealed class EpochLog(IAnsiConsole console, string model)
{
    private readonly List<EpochResult> _epochs = [];

    /// <summary>The epochs so far.</summary>
    public IReadOnlyList<EpochResult> Epochs => _epochs;

    /// <summary>Training images a second, over all epochs; 0 before the first has ended.</summary>
    public double ImagesPerSecond => _epochs.Count > 0 ? _epochs.Count / _epochs.Sum(e => 1 / e.ImagesPerSecond) : 0;

    /// <summary>Takes in an epoch that has ended.</summary>
    public void Add(TrainingEpoch epoch)
    {
        var result = new EpochResult(
            epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ImagesPerSecond, Environment.WorkingSet);
        _epochs.Add(result);
        var validation = result.ValidationAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $"  validation accuracy {100 * accuracy:F2} %") : "";
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{model,-11}  epoch {epoch.Epoch}/{epoch.Epochs}  loss {result.TrainingLoss:F4}{validation}  {result.ImagesPerSecond:F0} images/s  memory {result.WorkingSetBytes / (1 << 20)} MiB");
    }
}
