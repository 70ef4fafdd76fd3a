namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Where the pixels of the output read the input: a transformation with its parameters, or a grid.</summary>
/// <remarks>Safe for several threads as long as each picture belongs to one of them.</remarks>
internal abstract unsafe class SourcePoints
{
    /// <summary>Gradients of all parameters, which <see cref="Backward"/> adds to; null where it writes them itself.</summary>
    public virtual double[]? Gradient => null;

    /// <summary>Computes the source points of a run of output pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="first">The first pixel of the run, row by row.</param>
    /// <param name="count">Pixels in the run.</param>
    /// <param name="x">Receives x in pixels of the input; may be written up to the next multiple of a vector.</param>
    /// <param name="y">Receives y.</param>
    public abstract void Fill(int picture, int first, int count, float* x, float* y);

    /// <summary>Takes the gradients of a run of source points; the runs of a picture come in their order.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="first">The first pixel of the run.</param>
    /// <param name="count">Pixels in the run.</param>
    /// <param name="x">Gradients of x in pixels; zero up to the next multiple of a vector.</param>
    /// <param name="y">Gradients of y.</param>
    public abstract void Backward(int picture, int first, int count, float* x, float* y);
}
