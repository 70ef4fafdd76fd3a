using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The values that a mapper adds to the row that a row object or a cursor stands at.</summary>
internal abstract class AddedValues : IDisposable
{
    /// <summary>A getter of one of the added columns.</summary>
    /// <typeparam name="T">What the caller takes the column to hold.</typeparam>
    /// <param name="column">The column, of the mapper's output schema.</param>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public abstract ValueGetter<T> Getter<T>(DataViewSchema.Column column);

    public virtual void Dispose()
    {
    }
}
