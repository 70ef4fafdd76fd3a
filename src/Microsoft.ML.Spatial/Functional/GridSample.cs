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
        ArgumentNullException.ThrowIfNull(grid);
        var gridShape = grid.shape;
        if (gridShape is not [_, _, _, 2])
            throw new ArgumentException($"grid has shape {TensorCheck.Describe(gridShape)}; [N, Ho, Wo, 2] is needed.", nameof(grid));
        CheckSampled(input, grid, nameof(grid), mode, padding);
        var request = new FusedWarp.Request(FusedWarp.ThetaKind.Grid, gridShape[1], gridShape[2], mode, padding, alignCorners);
        return FusedWarp.Takes(input, grid, request) ? FusedWarp.Apply(input, grid, request) : ComposedGridSample(input, grid, mode, padding, alignCorners);
    }

    /// <summary>Refuses an input that cannot be sampled, or not by what <paramref name="argument"/> holds for each of its pictures.</summary>
    private static void CheckSampled(Tensor input, Tensor by, string argument, SamplingMode mode, PaddingMode padding)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.shape;
        if (shape is not [_, _, > 0, > 0])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(shape)}; [N, C, H, W] with H and W at least 1 is needed.", nameof(input));
        if (by.shape[0] != shape[0])
            throw new ArgumentException($"{argument} has {by.shape[0]} pictures and input has {shape[0]}; both need the same number.", argument);
        TensorCheck.FloatingPoint(input, nameof(input));
        if (by.dtype != input.dtype)
            throw new ArgumentException($"{argument} has elements of type {by.dtype} and input of type {input.dtype}; both need the same type.", argument);
        if (by.device_type != input.device_type || by.device_index != input.device_index)
            throw new ArgumentException($"{argument} is on {by.device} and input on {input.device}; both need the same device.", argument);
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"mode is {mode}; it must be one of {string.Join(", ", Enum.GetNames<SamplingMode>())}.");
        if (!Enum.IsDefined(padding))
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"padding is {padding}; it must be one of {string.Join(", ", Enum.GetNames<PaddingMode>())}.");
    }

    /// <summary>Samples by torch's operators, on any device and in any type.</summary>
    private static Tensor ComposedGridSample(Tensor input, Tensor grid, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        var torchPadding = padding switch
        {
            PaddingMode.Zeros => GridSamplePaddingMode.Zeros,
            PaddingMode.Border => GridSamplePaddingMode.Border,
            _ => GridSamplePaddingMode.Reflection,
        };
        if (mode == SamplingMode.Bilinear)
            return nn.functional.grid_sample(input, grid, GridSampleMode.Bilinear, torchPadding, alignCorners);
        using var centres = NearestCentres(grid, input.shape[2], input.shape[3], alignCorners);
        return nn.functional.grid_sample(input, centres, GridSampleMode.Nearest, torchPadding, alignCorners);
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
