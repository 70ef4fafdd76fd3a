using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class SpatialOps
{
    /// <summary>
    /// Coordinates farther from the centre than this count as this far. No picture reaches there, single precision has no fractions of a pixel left,
    /// and every floating-point type holds it.
    /// </summary>
    private const double FarthestCoordinate = 32768;

    /// <summary>Reads a picture, or a volume, at the points of a grid.</summary>
    /// <param name="input">
    /// <c>[N, C, H, W]</c>, or a volume <c>[N, C, D, H, W]</c>, floating point, sides at least 1; any memory layout. <c>N</c> may be 0.
    /// </param>
    /// <param name="grid">
    /// <c>[N, Ho, Wo, 2]</c>, or <c>[N, Do, Ho, Wo, 3]</c> for a volume, of the input's type and device: the source point of every output pixel.
    /// Points outside [−1, 1] are allowed.
    /// </param>
    /// <param name="mode">How the value between pixels is read; volumes have no <see cref="SamplingMode.Bicubic"/>.</param>
    /// <param name="padding">What is read outside the picture.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost pixels (<c>true</c>) or their outer edges (<c>false</c>).</param>
    /// <returns>
    /// <c>[N, C, Ho, Wo]</c>, or <c>[N, C, Do, Ho, Wo]</c>. Gradients flow to the input and, unless the nearest pixel is read, to the grid;
    /// the bilinear kernel is not differentiable where a point falls on a pixel's centre: there the gradient is one-sided.
    /// </returns>
    /// <remarks>
    /// Convention: the grid's last axis holds (x, y), or (x, y, z), the reverse of the input's axis order, normalised to [−1, 1] over the picture:
    /// without <paramref name="alignCorners"/> x = −1 is pixel −0.5 and x = 1 is pixel W − 0.5, with it they are pixels 0 and W − 1.
    /// A coordinate that is not a number reads as −1, as in PyTorch; an infinite or huge one reads far outside: zero, the border, or, where
    /// the picture is mirrored, some pixel of it. The output is finite for a finite input, and no gradient flows to such a coordinate.
    /// Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, equations 3 to 7, and appendix A.3 for volumes.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a volume is to be read by <see cref="SamplingMode.Bicubic"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> or <paramref name="padding"/> is not one of the named values.</exception>
    public static Tensor GridSample(
        Tensor input, Tensor grid, SamplingMode mode = SamplingMode.Bilinear, PaddingMode padding = PaddingMode.Zeros, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var gridShape = grid.shape;
        if (gridShape is not ([_, _, _, 2] or [_, _, _, _, 3]))
            throw new ArgumentException($"grid has shape {TensorCheck.Describe(gridShape)}; [N, Ho, Wo, 2] is needed, or [N, Do, Ho, Wo, 3] for volumes.", nameof(grid));
        if (gridShape.Length == 5)
        {
            CheckSampled(input, grid, nameof(grid), mode, padding, isVolume: true);
            return ComposedGridSample(input, grid, mode, padding, alignCorners);
        }

        CheckSampled(input, grid, nameof(grid), mode, padding);
        var request = new FusedWarp.Request(FusedWarp.ThetaKind.Grid, gridShape[1], gridShape[2], mode, padding, alignCorners);
        return FusedWarp.Takes(input, grid, request) ? request.Apply(input, grid) : ComposedGridSample(input, grid, mode, padding, alignCorners);
    }

    /// <summary>Refuses an input that cannot be sampled, or not by what <paramref name="argument"/> holds for each of its pictures.</summary>
    private static void CheckSampled(Tensor input, Tensor by, string argument, SamplingMode mode, PaddingMode padding, bool isVolume = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.shape;
        if (!isVolume && shape is not [_, _, > 0, > 0])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(shape)}; [N, C, H, W] with H and W at least 1 is needed.", nameof(input));
        if (isVolume && shape is not [_, _, > 0, > 0, > 0])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(shape)}; [N, C, D, H, W] with D, H and W at least 1 is needed.", nameof(input));
        if (by.shape[0] != shape[0])
            throw new ArgumentException($"{argument} has {by.shape[0]} pictures and input has {shape[0]}; both need the same number.", argument);
        TensorCheck.FloatingPoint(input, nameof(input));
        TensorCheck.Alike(by, argument, input, nameof(input));
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, $"mode is {mode}; it must be one of {string.Join(", ", Enum.GetNames<SamplingMode>())}.");
        if (!Enum.IsDefined(padding))
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"padding is {padding}; it must be one of {string.Join(", ", Enum.GetNames<PaddingMode>())}.");
        if (isVolume && mode == SamplingMode.Bicubic)
            throw new ArgumentException($"mode is {mode}, which reads pictures; a volume is read by {SamplingMode.Bilinear} (trilinearly) or {SamplingMode.Nearest}.", nameof(mode));
    }

    /// <summary>Samples by torch's operators, on any device and in any type.</summary>
    private static Tensor ComposedGridSample(Tensor input, Tensor grid, SamplingMode mode, PaddingMode padding, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();
        var torchPadding = padding switch
        {
            PaddingMode.Zeros => GridSamplePaddingMode.Zeros,
            PaddingMode.Border => GridSamplePaddingMode.Border,
            _ => GridSamplePaddingMode.Reflection,
        };

        // torch would hand on what is not a number, and turn numbers into pixels that no integer holds.
        var points = grid.nan_to_num(-1, FarthestCoordinate, -FarthestCoordinate).clamp(-FarthestCoordinate, FarthestCoordinate);
        var output = mode switch
        {
            SamplingMode.Bicubic => SampleBicubic(input, points, padding, alignCorners),
            SamplingMode.Bilinear => nn.functional.grid_sample(input, points, GridSampleMode.Bilinear, torchPadding, alignCorners),
            _ => nn.functional.grid_sample(input, NearestCentres(points, input.shape, alignCorners), GridSampleMode.Nearest, torchPadding, alignCorners),
        };
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Moves every point to the centre of its nearest pixel. torch alone would send the point half-way between two pixels to the even one;
    /// the paper's kernel ⌊x + 0.5⌋ always sends it right and down, and only so does a regular grid of such points read at regular steps.
    /// </summary>
    private static Tensor NearestCentres(Tensor points, long[] inputShape, bool alignCorners)
    {
        using var scope = torch.NewDisposeScope();

        // Pixels to one normalised unit, and where in its pixel's unit interval a centre lies. Sides come as (W, H) or (W, H, D).
        float[] units = [.. inputShape.Skip(2).Reverse().Select(side => (alignCorners ? Math.Max(side - 1, 1) : side) / 2f)];
        var perUnit = TensorFactory.FromArray<float>(units, [units.Length], points.device).to_type(points.dtype);
        var centre = alignCorners ? 0 : 0.5;

        var pixel = points.detach().add(1).mul(perUnit).add(0.5 - centre).floor();
        return pixel.add(centre).div(perUnit).sub(1).MoveToOuterDisposeScope();
    }
}
