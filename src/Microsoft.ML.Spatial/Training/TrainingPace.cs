using System.Diagnostics;

namespace Microsoft.ML.Spatial.Training;

/// <summary>The time a training takes and will take.</summary>
/// <param name="before">What it had taken when it was gone on with from a checkpoint.</param>
/// <param name="doneBefore">Epochs it had finished then.</param>
/// <param name="epochs">Most epochs it takes.</param>
/// <param name="stepsPerEpoch">Steps in an epoch that skips no row.</param>
internal sealed class TrainingPace(TimeSpan before, int doneBefore, int epochs, long stepsPerEpoch)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Wall time of the training.</summary>
    public TimeSpan Elapsed => before + _watch.Elapsed;

    /// <summary>Wall time left at the pace since the watch was started.</summary>
    /// <param name="finished">Epochs finished.</param>
    /// <param name="steps">Steps of the next epoch, at least one where no epoch has finished since the start.</param>
    public TimeSpan Remaining(int finished, long steps)
    {
        var part = steps < stepsPerEpoch ? (double)steps / stepsPerEpoch : steps == 0 ? 0 : 1;
        var done = finished - doneBefore + part;
        return _watch.Elapsed * ((epochs - finished - part) / done);
    }
}
