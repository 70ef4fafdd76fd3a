using Microsoft.ML.Runtime;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The passes over the one view that a fitted warp makes random, and a warning where something else is read in their place.</summary>
/// <param name="host">Takes the warning.</param>
/// <param name="seed">Decides what is random.</param>
/// <param name="fittedOn">The view fitted on; it is not kept alive.</param>
internal sealed class RandomPasses(IHost host, int seed, IDataView fittedOn)
{
    private readonly WeakReference<IDataView> _fittedOn = new(fittedOn);
    private long _passes = -1;
    private int _handedOut;
    private int _warned;

    /// <summary>Whether a view is the one fitted on, the first time.</summary>
    public bool Claims(IDataView input) => _fittedOn.TryGetTarget(out var view) && ReferenceEquals(view, input) && Interlocked.Exchange(ref _handedOut, 1) == 0;

    /// <summary>Begins a pass over the random images.</summary>
    public (int Seed, long Pass) Begin() => (seed, Interlocked.Increment(ref _passes));

    /// <summary>Warns, once, where images are read unwarped though the random ones were handed out and never read: then nothing has been trained on them.</summary>
    public void BeginUnwarped()
    {
        if (Volatile.Read(ref _handedOut) == 0 || Interlocked.Read(ref _passes) >= 0 || Interlocked.Exchange(ref _warned, 1) != 0)
        {
            return;
        }

        using var channel = host.Start("Transform");
        channel.Warning(
            MessageSensitivity.None,
            "Images are read unwarped, and nothing has read the randomly warped ones: a trainer that reads these learns from images as they are. Random warps reach the estimators behind WarpImages in the same chain alone: "
            + "append the trainer to the chain before Fit, and keep a chain that is appended to as EstimatorChain<...> (or var); in a variable of type IEstimator<ITransformer>, Append makes it a chain within a chain.");
    }
}
