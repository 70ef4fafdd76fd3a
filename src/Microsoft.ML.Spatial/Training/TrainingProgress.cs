using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Reports a training to a progress channel: each epoch, and within epochs now and then.</summary>
internal sealed class TrainingProgress : IDisposable
{
    private readonly IProgressChannel _channel;
    private readonly int _epochs;
    private readonly TimeSpan _interval;
    private long _reported = Stopwatch.GetTimestamp();
    private string[] _parts = [];
    private int _finished;
    private long _images;

    /// <param name="host">Takes the progress.</param>
    /// <param name="finished">Epochs finished already.</param>
    /// <param name="epochs">Most epochs there may be.</param>
    /// <param name="interval">How long nothing is reported within an epoch after a report.</param>
    public TrainingProgress(IHost host, int finished, int epochs, TimeSpan interval)
    {
        (_finished, _epochs, _interval) = (finished, epochs, interval);
        _channel = host.StartProgressChannel("Training");
        SetHeader();
    }

    /// <summary>Reports how far an epoch has come, if it is time.</summary>
    /// <param name="losses">Losses of its batches so far.</param>
    /// <param name="imagesPerSecond">Its pace.</param>
    /// <param name="remaining">Wall time left in the whole training.</param>
    public void ReportBatch(LossSums losses, double imagesPerSecond, Func<TimeSpan> remaining)
    {
        _images = losses.Images;
        if (Stopwatch.GetElapsedTime(_reported) >= _interval)
        {
            Report(losses.Mean, null, null, imagesPerSecond, null, remaining(), losses.Parts);
        }
    }

    /// <summary>Reports an epoch that has ended.</summary>
    public void ReportEpoch(TrainingEpoch epoch)
    {
        _finished = epoch.Epoch;
        Report(epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ImagesPerSecond, epoch.ValidationAveragePrecision, epoch.Remaining, epoch.Losses);
    }

    public void Dispose() => _channel.Dispose();

    private void Report(double loss, double? validationLoss, double? accuracy, double imagesPerSecond, double? averagePrecision, TimeSpan? remaining, IReadOnlyDictionary<string, double> parts)
    {
        // What the parts are called comes out with the first batch.
        if (!parts.Keys.SequenceEqual(_parts))
        {
            _parts = [.. parts.Keys];
            SetHeader();
        }

        _reported = Stopwatch.GetTimestamp();
        _channel.Checkpoint(
            [loss, validationLoss, accuracy, imagesPerSecond, averagePrecision, remaining?.TotalSeconds, .. parts.Values.Select(part => (double?)part), _finished, _images]);
    }

    private void SetHeader() => _channel.SetHeader(
        new ProgressHeader(["TrainingLoss", "ValidationLoss", "ValidationAccuracy", "ImagesPerSecond", "ValidationAveragePrecision", "SecondsRemaining", .. _parts], ["epochs", "images"]),
        entry =>
        {
            entry.SetProgress(0, _finished, _epochs);
            entry.SetProgress(1, _images);
        });
}
