namespace Microsoft.ML.Spatial.Training;

/// <summary>A batch of training rows.</summary>
internal interface IBatch : IDisposable
{
    /// <summary>Rows in the batch, at least 1.</summary>
    int Count { get; }
}

/// <summary>The training rows of one epoch, batch by batch, to be enumerated once.</summary>
internal interface IEpochSource<TBatch>
    where TBatch : IBatch
{
    IEnumerable<TBatch> Batches { get; }

    /// <summary>Rows left out so far because their image could not be used.</summary>
    long Skipped { get; }
}
