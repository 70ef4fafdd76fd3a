namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>A pooling of RoIs.</summary>
internal unsafe interface IRoIKernel
{
    /// <summary>Pools.</summary>
    /// <param name="input">All pictures.</param>
    /// <param name="output">Receives the output of all RoIs.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    void Forward(float* input, float* output, int threads);

    /// <summary>Takes the gradient of the output to the input and to the offsets.</summary>
    /// <param name="input">All pictures; null where neither the maximum nor the gradient of the offsets is wanted.</param>
    /// <param name="gradOutput">The gradient of the output of all RoIs.</param>
    /// <param name="gradInput">Receives the gradient of all pictures; null where it is not wanted.</param>
    /// <param name="gradOffsets">Whether the offsets want theirs.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    void Backward(float* input, float* gradOutput, float* gradInput, bool gradOffsets, int threads);
}
