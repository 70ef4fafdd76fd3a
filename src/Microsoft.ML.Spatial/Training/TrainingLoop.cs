using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>
/// Trains a module: epochs of batches read ahead on another thread, an optimiser on a schedule, validation, early stopping, progress, log,
/// checkpoints and cancellation. Leaves the module with the best weights of a finished epoch.
/// </summary>
/// <remarks>
/// Best is by the validation metric, or the latest finished epoch while none is validated. A training cancelled before its first epoch
/// ends keeps the weights it has got to.
/// </remarks>
internal sealed class TrainingLoop<TBatch>
    where TBatch : IBatch
{
    private const int BatchesAhead = 3;

    // How tensors of a checkpoint are called, before their own names.
    private const string NetworkPrefix = "network/";
    private const string BestPrefix = "best/";
    private const string OptimizerPrefix = "optimizer/";

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

    /// <summary>Mean losses of a batch, at least one; the training goes down their sum.</summary>
    public required Func<TBatch, IReadOnlyList<NamedLoss>> Losses { get; init; }

    /// <summary>Measures the network, in evaluation mode, on the validation rows (null when cancelled); null where there are none.</summary>
    public required Func<ValidationResult?>? Validate { get; init; }

    /// <summary>Takes progress and log.</summary>
    public required IHost Host { get; init; }

    /// <summary>Where the training is kept after each epoch, and gone on with; null where it is not. The training has been stated to it.</summary>
    public required CheckpointFile? Checkpoint { get; init; }

    /// <summary>Told how far the training had come that is gone on with, before its next epoch: brings what is random, but belongs to no epoch, to where it was.</summary>
    public required Action<TrainingState> PassOver { get; init; }

    /// <summary>The shortest time between two reports of progress within an epoch.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <returns>What each finished epoch came to.</returns>
    /// <exception cref="InvalidOperationException">The loss is not finite before any epoch has ended, no row of an epoch could be used, or the checkpoint is of a training of other epochs.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    public IReadOnlyList<TrainingEpoch> Run()
    {
        using var threads = new ThreadScope(Settings.NumberOfThreads);
        using var best = new WeightSnapshot(Network);
        using var optimizer = new ScheduledOptimizer(Settings, ParameterSets, StepsPerEpoch * Settings.Epochs);
        using var channel = Host.Start("Fit");
        var state = Begin(best, optimizer, channel);
        var pace = new TrainingPace(state.Epochs.LastOrDefault()?.Elapsed ?? TimeSpan.Zero, state.Epochs.Length, Settings.Epochs, StepsPerEpoch);
        using var progress = new TrainingProgress(Host, state.Epochs.Length, Settings.Epochs, ProgressInterval);
        while (state.Epochs.Length < Settings.Epochs && !IsEnded(state, channel))
        {
            var epoch = state.Epochs.Length + 1;
            var outcome = TrainEpoch(epoch, optimizer, pace, progress, channel);
            if (outcome is not { } trained)
            {
                break;
            }

            if (!WeightsAreFinite())
            {
                Diverged($"The weights are not finite after epoch {epoch}", epoch - 1, channel);
                break;
            }

            var result = IsValidated(epoch) ? RunValidation() : null;
            if (result is null && IsValidated(epoch))
            {
                channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Cancelled in the validation of epoch {epoch}; the best model so far is kept."));
                break;
            }

            // Until an epoch has been validated, the latest counts as the best.
            var isBest = state.Best is not { } before || (result is { } now && now.Matches(before, Settings.Metric));
            var isGain = state.Best is not { } held || (result is { } reached && reached.Beats(held, Settings.Metric));
            if (isBest)
            {
                best.Take();
            }

            var report = new TrainingEpoch(
                epoch, Settings.Epochs, trained.Losses.Mean, result?.Loss, result?.Accuracy, trained.ImagesPerSecond, pace.Elapsed, optimizer.LearningRate, trained.Skipped, isBest, result?.AveragePrecision)
            {
                Losses = trained.Losses.Parts,
                Remaining = pace.Remaining(epoch, 0),
            };
            state = new TrainingState
            {
                Epochs = [.. state.Epochs, report],
                Images = state.Images + trained.Losses.Images,
                Best = isBest ? result : state.Best,
                EpochsWithoutGain = isGain ? 0 : state.EpochsWithoutGain + (result is null ? 0 : 1),
            };
            Keep(state, best, optimizer);
            Report(report, channel, progress);
        }

        if (state.Epochs.Length > 0)
        {
            best.Restore();
        }

        Network.eval();
        return state.Epochs;
    }

    /// <summary>The state that training begins with: that of the checkpoint, where there is one.</summary>
    private TrainingState Begin(WeightSnapshot best, ScheduledOptimizer optimizer, IChannel channel)
    {
        if (Checkpoint?.Found is not { } found)
        {
            return new TrainingState { Epochs = [], Images = 0, Best = null, EpochsWithoutGain = 0 };
        }

        // Another number of epochs may do, but not where it makes a difference to those that are finished.
        var epochs = found.State.Epochs;
        if (epochs.Length > Settings.Epochs || epochs.Any(epoch => epoch.ValidationLoss is not null != IsValidated(epoch.Epoch)))
        {
            throw Checkpoint.Other([TrainingFingerprint.Difference(
                nameof(Settings.Epochs), $"{epochs[0].Epochs} ({epochs.Length} are finished{(epochs[^1].ValidationLoss is null ? "" : ", the last one validated")})", $"{Settings.Epochs}")]);
        }

        Checkpoint.Restore(tensors =>
        {
            var bestWeights = Under(BestPrefix, tensors);
            if (bestWeights.Count > 0)
            {
                ModelPart.Assign(Network, bestWeights);
                best.Take();
            }

            ModelPart.Assign(Network, Under(NetworkPrefix, tensors));
            if (bestWeights.Count == 0)
            {
                best.Take();
            }

            optimizer.Restore(found.Optimizer, Under(OptimizerPrefix, tensors));
        });
        PassOver(found.State);
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Goes on after epoch {epochs.Length} of {Settings.Epochs} from the checkpoint '{Checkpoint.Path}'."));
        return found.State with { Epochs = [.. epochs.Select(epoch => epoch with { Epochs = Settings.Epochs })] };
    }

    private static Dictionary<string, Tensor> Under(string prefix, IReadOnlyDictionary<string, Tensor> tensors) =>
        tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);

    /// <summary>Writes the checkpoint, where there is to be one.</summary>
    private void Keep(TrainingState state, WeightSnapshot best, ScheduledOptimizer optimizer)
    {
        if (Checkpoint is null)
        {
            return;
        }

        var tensors = best.Live.Select(weight => (NetworkPrefix + weight.Name, weight.Value));
        if (!state.Epochs[^1].IsBest)
        {
            tensors = tensors.Concat(best.Copies.Select(weight => (BestPrefix + weight.Name, weight.Value)));
        }

        Checkpoint.Write(state, optimizer.Progress, [.. tensors, .. optimizer.Tensors.Select(tensor => (OptimizerPrefix + tensor.Name, tensor.Value))]);
    }

    /// <summary>Whether training ends before its last epoch, as the log then says.</summary>
    private bool IsEnded(TrainingState state, IChannel channel)
    {
        if (state.EpochsWithoutGain >= Settings.Patience)
        {
            channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Stopped early: {state.EpochsWithoutGain} validated epochs without a better {Settings.Metric}."));
            return true;
        }

        if (state.Epochs.Length > 0 && Settings.CancellationToken.IsCancellationRequested)
        {
            channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Cancelled after epoch {state.Epochs.Length}; the best model so far is kept."));
            return true;
        }

        return false;
    }

    private bool IsValidated(int epoch) => Validate is not null && (epoch == Settings.Epochs || epoch % Settings.ValidationEvery == 0);

    private (LossSums Losses, double ImagesPerSecond, long Skipped)? TrainEpoch(int epoch, ScheduledOptimizer optimizer, TrainingPace pace, TrainingProgress progress, IChannel channel)
    {
        Network.train();
        var source = OpenEpoch(epoch);
        using var batches = new ReadAhead<TBatch>(source.Batches, BatchesAhead);
        var watch = Stopwatch.StartNew();
        var sums = new LossSums();
        var steps = 0L;
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
                var losses = Losses(batch);
                var loss = LossSums.Whole(losses);
                var value = loss.item<float>();
                if (!float.IsFinite(value))
                {
                    Diverged($"The training loss is {value} in epoch {epoch} after {sums.Images} images", epoch - 1, channel);
                    return null;
                }

                optimizer.Step(loss, epoch);
                sums.Add(value, losses, batch.Count);
                steps++;
            }

            progress.ReportBatch(sums, sums.Images / watch.Elapsed.TotalSeconds, () => pace.Remaining(epoch - 1, steps));
        }

        if (sums.Images == 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"No image of epoch {epoch} could be used ({source.Skipped} were skipped)."));
        }

        if (source.Skipped > 0)
        {
            channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch} left out {source.Skipped} rows whose image could not be used."));
        }

        return (sums, sums.Images / watch.Elapsed.TotalSeconds, source.Skipped);
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
        return Network.parameters().Concat(Network.buffers().Where(buffer => buffer.is_floating_point())).All(weight => float.IsFinite(weight.sum().item<float>()));
    }

    private ValidationResult? RunValidation()
    {
        Network.eval();
        return Validate!();
    }

    private void Report(TrainingEpoch epoch, IChannel channel, TrainingProgress progress)
    {
        progress.ReportEpoch(epoch);
        var parts = epoch.Losses.Count == 0 ? "" : $" ({string.Join(", ", epoch.Losses.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:F4}")))})";
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
            $"Epoch {epoch.Epoch} of {epoch.Epochs}: training loss {epoch.TrainingLoss:F4}{parts}{validation}, {epoch.ImagesPerSecond:F0} images/s, learning rate {epoch.LearningRate:G3}, {TimeSpan.FromSeconds(Math.Round(epoch.Remaining!.Value.TotalSeconds)):c} left{(epoch.IsBest ? ", best so far" : "")}"));
        Settings.EpochCompleted?.Invoke(epoch);
    }
}
