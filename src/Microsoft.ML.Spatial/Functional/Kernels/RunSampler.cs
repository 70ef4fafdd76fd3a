namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>Samples a run of output pixels in every channel. Belongs to one thread.</summary>
internal abstract unsafe class RunSampler : IDisposable
{
    /// <summary>Samples a run of a picture's output pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="first">The first pixel of the run.</param>
    /// <param name="count">Pixels in the run.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="output">The whole output.</param>
    public abstract void Forward(int picture, int first, int count, float* input, float* output);

    /// <summary>Takes the gradients of a run of a picture's output pixels.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="first">The first pixel of the run; the runs of a picture come in their order.</param>
    /// <param name="count">Pixels in the run.</param>
    /// <param name="input">The whole input.</param>
    /// <param name="gradOutput">The whole gradient of the output.</param>
    /// <param name="gradInput">The whole gradient of the input, added to; null where it is not wanted.</param>
    /// <param name="gradPoints">Whether the source points want theirs.</param>
    public abstract void Backward(int picture, int first, int count, float* input, float* gradOutput, float* gradInput, bool gradPoints);

    public abstract void Dispose();
}
