namespace Microsoft.ML.Spatial.Modules;

/// <summary>How a convolution is deformable.</summary>
/// <param name="Groups">Groups of input channels with offsets of their own.</param>
/// <param name="IsModulated">Whether each read is weighed too (v2).</param>
internal readonly record struct DeformableConvolution(int Groups, bool IsModulated);
