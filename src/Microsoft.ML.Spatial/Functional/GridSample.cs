using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>Reads a picture at the points of a grid.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>, floating point, H and W at least 1; any memory layout. <c>N</c> may be 0.</param>
    /// <param name="grid">
    /// <c>[N, Ho, Wo, 2]</c>, of the input's type and device: the source point of every output pixel. Points outside [−1, 1] are allowed.
    /// </param>
    /// <param name="mode">How the value between pixels is read.</param>
    /// <param name="padding">What is read outside the picture.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns>
    /// <c>[N, C, Ho, Wo]</c>. Gradients flow to the input and, for <see cref="SamplingMode.Bilinear"/>, to the grid;
    /// the bilinear kernel is not differentiable where a point falls on a pixel's centre: there the gradient is one-sided.
    /// </returns>
    /// <remarks>
    /// Convention: the grid's last axis holds (x, y), the reverse of the input's axis order, normalised to [−1, 1] over the picture:
    /// without <paramref name="alignCorners"/> x = −1 is pixel −0.5 and x = 1 is pixel W − 0.5, with it they are pixels 0 and W − 1.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, equations 3 to 7.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> or <paramref name="padding"/> is not one of the named values.</exception>
    public static Tensor GridSample(
        Tensor input, Tensor grid, SamplingMode mode = SamplingMode.Bilinear, PaddingMode padding = PaddingMode.Zeros, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(grid);
        var inputShape = input.shape;
        var gridShape = grid.shape;
        if (inputShape is not [_, _, > 0, > 0])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(inputShape)}; [N, C, H, W] with H and W at least 1 is needed.", nameof(input));
        if (gridShape is not [_, _, _, 2])
            throw new ArgumentException($"grid has shape {TensorCheck.Describe(gridShape)}; [N, Ho, Wo, 2] is needed.", nameof(grid));
        if (gridShape[0] != inputShape[0])
            throw new ArgumentException($"grid has {gridShape[0]} pictures and input has {inputShape[0]}; both need the same number.", nameof(grid));
        TensorCheck.FloatingPoint(input, nameof(input));
        if (grid.dtype != input.dtype)
            throw new ArgumentException($"grid has elements of type {grid.dtype} and input of type {input.dtype}; both need the same type.", nameof(grid));
        if (grid.device_type != input.device_type || grid.device_index != input.device_index)
            throw new ArgumentException($"grid is on {grid.device} and input on {input.device}; both need the same device.", nameof(grid));

        var torchPadding = padding switch
        {
            PaddingMode.Zeros => GridSamplePaddingMode.Zeros,
            PaddingMode.Border => GridSamplePaddingMode.Border,
            PaddingMode.Reflection => GridSamplePaddingMode.Reflection,
            _ => throw new ArgumentOutOfRangeException(nameof(padding), padding, "padding must be Zeros, Border or Reflection."),
        };
        switch (mode)
        {
            case SamplingMode.Bilinear:
                return nn.functional.grid_sample(input, grid, GridSampleMode.Bilinear, torchPadding, alignCorners);
            case SamplingMode.Nearest:
                using (var centres = NearestCentres(grid, inputShape[2], inputShape[3], alignCorners))
                    return nn.functional.grid_sample(input, centres, GridSampleMode.Nearest, torchPadding, alignCorners);
            default:
                throw new ArgumentOutOfRangeException(nameof(mode), mode, "mode must be Nearest or Bilinear.");
        }
    }

    /// <summary>
    /// Moves every point to the centre of its nearest pixel. torch alone would send the point half-way between two pixels to the even one;
    /// the paper's kernel ⌊x + 0.5⌋ always sends it right and down, and only so does a regular grid of such points read at regular steps.
    /// </summary>
    private static Tensor NearestCentres(Tensor grid, long height, long width, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();

        // Pixels to one normalised unit, and where in its pixel's unit interval a centre lies.
        float PerUnit(long side) => (alignCorners ? Math.Max(side - 1, 1) : side) / 2f;
        var perUnit = TensorFactory.FromArray<float>([PerUnit(width), PerUnit(height)], [2], grid.device).to_type(grid.dtype);
        var centre = alignCorners ? 0 : 0.5;

        var pixel = grid.detach().add(1).mul(perUnit).add(0.5 - centre).floor();
        return pixel.add(centre).div(perUnit).sub(1).MoveToOuterDisposeScope();
    }
}
