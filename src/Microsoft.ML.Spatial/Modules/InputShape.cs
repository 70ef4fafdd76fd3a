using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>The shape of one picture that a network was built for.</summary>
internal readonly record struct InputShape
{
    internal InputShape(long channels, long height, long width, long smallestSide = 1)
    {
        TensorCheck.Positive(channels, nameof(channels));
        AtLeast(smallestSide, height, nameof(height));
        AtLeast(smallestSide, width, nameof(width));
        (Channels, Height, Width) = (channels, height, width);
    }

    internal long Channels { get; }

    internal long Height { get; }

    internal long Width { get; }

    /// <summary>Throws unless <paramref name="input"/> is a batch of such pictures.</summary>
    internal void Check(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.shape;
        if (shape is not [_, var channels, var height, var width] || channels != Channels || height != Height || width != Width)
        {
            throw new ArgumentException(
                $"input has shape {TensorCheck.Describe(shape)}; the network was built for [N, {Channels}, {Height}, {Width}].", nameof(input));
        }
    }

    private static void AtLeast(long smallest, long side, string argument)
    {
        if (side < smallest)
            throw new ArgumentOutOfRangeException(argument, side, $"{argument} is {side}; this network needs at least {smallest}.");
    }
}
