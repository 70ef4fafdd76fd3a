using Microsoft.ML.Spatial.Functional;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a convolution learns, as <c>nn.Conv2d</c> makes it: uniformly random within ±1/√(values that an output is summed from), the weight drawn first.</summary>
internal static class ConvolutionWeights
{
    /// <summary>The weight <c>[outputChannels, inputChannels / groups, kernel]</c>, and a bias <c>[outputChannels]</c> unless there is none.</summary>
    internal static (Parameter Weight, Parameter? Bias) Create(long inputChannels, long outputChannels, ConvolutionGeometry geometry, long groups, bool hasBias)
    {
        TensorCheck.Positive(inputChannels, nameof(inputChannels));
        TensorCheck.Positive(outputChannels, nameof(outputChannels));
        Divides(groups, nameof(groups), inputChannels, nameof(inputChannels));
        Divides(groups, nameof(groups), outputChannels, nameof(outputChannels));
        var bound = 1 / Math.Sqrt(inputChannels / groups * geometry.Taps);
        var weight = Uniform([outputChannels, inputChannels / groups, geometry.Kernel.Vertical, geometry.Kernel.Horizontal], bound);
        return (weight, hasBias ? Uniform([outputChannels], bound) : null);
    }

    /// <summary>A convolution that starts at zero, for a branch whose output is added to what is there.</summary>
    internal static Conv2d ZeroConvolution(long inputChannels, long outputChannels, ConvolutionGeometry geometry)
    {
        var convolution = nn.Conv2d(inputChannels, outputChannels, geometry.Kernel, geometry.Stride, geometry.Padding, geometry.Dilation);
        using (no_grad())
        {
            convolution.weight.zero_();
            convolution.bias!.zero_();
        }

        return convolution;
    }

    internal static void Divides(long groups, string argument, long channels, string channelsArgument)
    {
        TensorCheck.Positive(groups, argument);
        if (channels % groups != 0)
            throw new ArgumentException($"{channelsArgument} is {channels} and {argument} is {groups}; the first must be a multiple of the second.", argument);
    }

    internal static double CheckedFactor(double learningRateFactor) =>
        learningRateFactor >= 0 && double.IsFinite(learningRateFactor)
            ? learningRateFactor
            : throw new ArgumentOutOfRangeException(
                nameof(learningRateFactor), learningRateFactor, FormattableString.Invariant($"learningRateFactor is {learningRateFactor}; it must be a finite number of at least 0."));

    private static Parameter Uniform(long[] shape, double bound)
    {
        var parameter = new Parameter(TensorFactory.Empty(shape, ScalarType.Float32, CPU));
        nn.init.uniform_(parameter, -bound, bound);
        return parameter;
    }
}
