using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A trained model as scoring sees it: what it reads, the columns it adds, and how it makes their values. Several threads may use it at once.</summary>
internal abstract class ScoringModel : IDisposable
{
    /// <summary>The column of images.</summary>
    public abstract string ImageColumnName { get; }

    /// <summary>What the network reads.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>What is done with an image of another size.</summary>
    public abstract ImageResizing Resizing { get; }

    /// <summary>Most images in one run of the network.</summary>
    public abstract int BatchSize { get; }

    /// <summary>The columns the model adds.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="pixels">Images [count, C, H, W].</param>
    /// <param name="sizes">The size in pixels that each image had before it was brought to that shape; as many as there are images, or more.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">What is asked for.</param>
    public abstract ScoredBatch Score(float[] pixels, ImageSize[] sizes, int count, IReadOnlySet<NetworkOutput> wanted);

    /// <summary>A getter of one of the columns, over the results of the row as it stands.</summary>
    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <param name="current">The batch that holds the row's results, and the row's index in it.</param>
    public abstract Delegate Getter(OutputColumn column, Func<(ScoredBatch Batch, int Row)> current);

    public abstract void Dispose();
}
