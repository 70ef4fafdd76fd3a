namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>
/// Sizes of a deformable convolution: pictures <c>[Pictures, Channels, Height, Width]</c> to <c>[Pictures, OutputChannels, OutputHeight, OutputWidth]</c>, contiguous,
/// by weights <c>[OutputChannels, Channels / WeightGroups, KernelHeight, KernelWidth]</c>.
/// </summary>
internal sealed record DeformShape(
    int Pictures, int Channels, int Height, int Width, int OutputChannels, int OutputHeight, int OutputWidth, int KernelHeight, int KernelWidth,
    int StrideY, int StrideX, int PaddingY, int PaddingX, int DilationY, int DilationX, int WeightGroups, int DeformGroups)
{
    /// <summary>Pixels of a channel of the input.</summary>
    public int Area => Height * Width;

    /// <summary>Pixels of a channel of the output.</summary>
    public int OutputArea => OutputHeight * OutputWidth;

    /// <summary>Places of the kernel.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Input channels of a weight group.</summary>
    public int GroupChannels => Channels / WeightGroups;

    /// <summary>Output channels of a weight group.</summary>
    public int GroupOutputs => OutputChannels / WeightGroups;
}
