using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>One pass over validation rows, without gradients, batches read ahead on another thread.</summary>
internal static class ValidationPass
{
    private const int BatchesAhead = 2;

    /// <summary>Measures batch after batch, and warns of the rows that are left out.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="host">Takes the warning.</param>
    /// <param name="measure">Measures a batch, inside a dispose scope of its own.</param>
    /// <param name="cancellation">Ends the pass early.</param>
    /// <returns>How many rows were measured; null when cancelled.</returns>
    /// <exception cref="InvalidDataException">No row could be used.</exception>
    public static long? Run<TBatch>(IEpochSource<TBatch> source, IHost host, Action<TBatch> measure, CancellationToken cancellation)
        where TBatch : IBatch
    {
        using var noGradient = no_grad();
        var rows = 0L;
        using var batches = new ReadAhead<TBatch>(source.Batches, BatchesAhead);
        foreach (var batch in batches)
        {
            using (batch)
            {
                if (cancellation.IsCancellationRequested)
                {
                    return null;
                }

                using var scope = NewDisposeScope();
                measure(batch);
                rows += batch.Count;
            }
        }

        if (source.Skipped > 0)
        {
            using var channel = host.Start("Validate");
            channel.Warning(MessageSensitivity.None, $"{source.Skipped} validation rows are left out because their image could not be used.");
        }

        return rows > 0 ? rows : throw new InvalidDataException("No validation row has an image that can be used.");
    }
}
