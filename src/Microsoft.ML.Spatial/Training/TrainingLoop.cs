using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>
/// Trains a module: epochs of batches read ahead on another thread, an optimiser on a schedule, validation, early stopping, progress, log
/// and cancellation. Leaves the module with the best weights of a finished epoch.
/// </summary>
/// <remarks>
/// Best is by the validation metric, or the latest finished epoch where there is no validation. A training cancelled before its first epoch
/// ends keeps the weights it has got to.
/// </remarks>
internal sealed class TrainingLoop<TBatch>
    where TBatch : IBatch
{
    private const int BatchesAhead = 3;

    /// <summary>Settings, already checked.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>What is trained, on its device.</summary>
    public required nn.Module Network { get; init; }

    /// <summary>The network's parameters in sets of one learning-rate factor each.</summary>
    public required IReadOnlyList<ParameterSet> ParameterSets { get; init; }

    /// <summary>Opens the rows of an epoch (from 1).</summary>
    public required Func<int, IEpochSource<TBatch>> OpenEpoch { get; init; }

    /// <summary>Steps in an epoch that skips no row.</summary>
    public required long StepsPerEpoch { get; init; }

    /// <summary>Mean loss of a batch, a scalar to go down.</summary>
    public required Func<TBatch, Tensor> Loss { get; init; }

    /// <summary>Measures the network, in evaluation mode, on the validation rows (null when cancelled); null where there are none.</summary>
    public required Func<ValidationResult?>? Validate { get; init; }

    /// <summary>Takes progress and log.</summary>
    public required IHost Host { get; init; }

    /// <returns>What each finished epoch came to.</returns>
    /// <exception cref="InvalidOperationException">The loss is not finite before any epoch has ended, or no row of an epoch could be used.</exception>
    public IReadOnlyList<TrainingEpoch> Run()
    {
        var epochs = new List<TrainingEpoch>();
        using var threads = new ThreadScope(Settings.NumberOfThreads);
        using var best = new WeightSnapshot(Network);
        using var optimizer = new ScheduledOptimizer(Settings, ParameterSets, StepsPerEpoch * Settings.Epochs);
        using var channel = Host.Start("Fit");
        using var progress = Host.StartProgressChannel("Training");
        progress.SetHeader(
            new ProgressHeader(["TrainingLoss", "ValidationLoss", "ValidationAccuracy", "ImagesPerSecond", "ValidationAveragePrecision"], ["epochs"]),
            entry => entry.SetProgress(0, epochs.Count, Settings.Epochs));

        var watch = Stopwatch.StartNew();
        ValidationResult? bestResult = null;
        var epochsWithoutGain = 0;
        for (var epoch = 1; epoch <= Settings.Epochs; epoch++)
        {
            var outcome = TrainEpoch(epoch, optimizer, channel);
            if (outcome is not { } trained)
            {
                break;
            }

            if (!WeightsAreFinite())
            {
                Diverged($"The weights are not finite after epoch {epoch}", epochs.Count, channel);
                break;
            }

            var result = RunValidation();
            if (result is null && Validate is not null)
            {
                channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Cancelled in the validation of epoch {epoch}; the best model so far is kept."));
                break;
            }

            var isBest = result is not { } now || bestResult is not { } before || now.Matches(before, Settings.Metric);
            var isGain = result is not { } reached || bestResult is not { } held || reached.Beats(held, Settings.Metric);
            if (isBest)
            {
                best.Take();
                bestResult = result;
            }

            var report = new TrainingEpoch(epoch, Settings.Epochs, trained.Loss, result?.Loss, result?.Accuracy, trained.ImagesPerSecond, watch.Elapsed, optimizer.LearningRate, trained.Skipped, isBest, result?.AveragePrecision);
            epochs.Add(report);
            Report(report, channel, progress);
            epochsWithoutGain = isGain ? 0 : epochsWithoutGain + 1;
            if (epochsWithoutGain >= Settings.Patience)
            {
                channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Stopped early: {epochsWithoutGain} epochs without a better {Settings.Metric}."));
                break;
            }

            if (Settings.CancellationToken.IsCancellationRequested)
            {
                channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Cancelled after epoch {epoch}; the best model so far is kept."));
                break;
            }
        }

        if (epochs.Count > 0)
        {
            best.Restore();
        }

        Network.eval();
        return epochs;
    }

    private (double Loss, double ImagesPerSecond, long Skipped)? TrainEpoch(int epoch, ScheduledOptimizer optimizer, IChannel channel)
    {
        Network.train();
        var source = OpenEpoch(epoch);
        using var batches = new ReadAhead<TBatch>(source.Batches, BatchesAhead);
        var watch = Stopwatch.StartNew();
        var lossSum = 0.0;
        var rows = 0L;
        foreach (var batch in batches)
        {
            using (batch)
            {
                if (Settings.CancellationToken.IsCancellationRequested)
                {
                    channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Cancelled in epoch {epoch}; the best model so far is kept."));
                    return null;
                }

                using var scope = NewDisposeScope();
                using var loss = Loss(batch);
                var value = loss.item<float>();
                if (!float.IsFinite(value))
                {
                    Diverged($"The training loss is {value} in epoch {epoch} after {rows} images", epoch - 1, channel);
                    return null;
                }

                optimizer.Step(loss);
                lossSum += value * batch.Count;
                rows += batch.Count;
            }
        }

        if (rows == 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"No image of epoch {epoch} could be used ({source.Skipped} were skipped)."));
        }

        if (source.Skipped > 0)
        {
            channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch} left out {source.Skipped} rows whose image could not be used."));
        }

        return (lossSum / rows, rows / watch.Elapsed.TotalSeconds, source.Skipped);
    }

    /// <summary>Fails where no epoch has ended well, and else warns.</summary>
    private void Diverged(FormattableString what, int goodEpochs, IChannel channel)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{what.ToString(CultureInfo.InvariantCulture)}: training diverges. Lower the learning rate (now {Settings.LearningRate}).");
        if (goodEpochs == 0)
        {
            throw new InvalidOperationException(text);
        }

        channel.Warning(MessageSensitivity.None, text + " The best model so far is kept.");
    }

    /// <summary>Whether the last step of an epoch left numbers behind; the loss is measured before each step and does not tell.</summary>
    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Network.parameters().All(parameter => float.IsFinite(parameter.sum().item<float>()));
    }

    private ValidationResult? RunValidation()
    {
        if (Validate is null)
        {
            return null;
        }

        Network.eval();
        return Validate();
    }

    private void Report(TrainingEpoch epoch, IChannel channel, IProgressChannel progress)
    {
        progress.Checkpoint(epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ImagesPerSecond, epoch.ValidationAveragePrecision, epoch.Epoch);
        var validation = epoch.ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:F4}") : "";
        if (epoch.ValidationAccuracy is { } accuracy)
        {
            validation += string.Create(CultureInfo.InvariantCulture, $", validation accuracy {accuracy:P2}");
        }

        if (epoch.ValidationAveragePrecision is { } precision)
        {
            validation += string.Create(CultureInfo.InvariantCulture, $", validation average precision {precision:F3}");
        }

        channel.Info(MessageSensitivity.None, string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {epoch.Epoch} of {epoch.Epochs}: training loss {epoch.TrainingLoss:F4}{validation}, {epoch.ImagesPerSecond:F0} images/s, learning rate {epoch.LearningRate:G3}{(epoch.IsBest ? ", best so far" : "")}"));
        Settings.EpochCompleted?.Invoke(epoch);
    }
}
