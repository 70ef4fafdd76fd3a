using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Data;

/// <summary>A source without its batches of fewer rows than a loss can be had of: at most the last.</summary>
internal sealed class SizedBatches(IEpochSource<ImageBatch<long>> source, int least) : IEpochSource<ImageBatch<long>>
{
    public IEnumerable<ImageBatch<long>> Batches
    {
        get
        {
            foreach (var batch in source.Batches)
            {
                if (batch.Count >= least)
                {
                    yield return batch;
                }
                else
                {
                    batch.Dispose();
                }
            }
        }
    }

    public long Skipped => source.Skipped;
}
