using System.Globalization;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>One shape to warp, with every way to do it, on the same pictures and nearly the same source points.</summary>
internal sealed class WarpCase : IDisposable
{
    /// <summary>Shapes [N, C, H, W]; outputs have the size of the input.</summary>
    public static readonly long[][] Shapes = [[64, 1, 28, 28], [64, 3, 64, 64], [16, 3, 224, 224], [4, 64, 56, 56]];

    private static readonly ThinPlateSpline Spline = new(4, 4);

    private readonly long[] _shape;
    private readonly Tensor _input;
    private readonly Tensor _gradient;
    private readonly Tensor _affine;
    private readonly Tensor _projective;
    private readonly Tensor _spline;
    private readonly Tensor _grid;

    public WarpCase(long[] shape)
    {
        _shape = shape;
        var random = new Random(7);
        Tensor Uniform(params long[] sizes)
        {
            var values = new float[sizes.Aggregate(1L, (product, size) => product * size)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)random.NextDouble();
            using var flat = from_array(values, CPU);
            return flat.reshape(sizes).clone().DetachFromDisposeScope();
        }

        // A turn of about 20 degrees at 0.9 of the size, a little different for each picture: some points lie outside.
        Tensor Near(float[] centre)
        {
            using var spread = Uniform(shape[0], centre.Length);
            using var at = from_array(centre, CPU);
            using var small = spread.mul(0.06);
            return small.add(at).DetachFromDisposeScope();
        }

        _input = Uniform(shape);
        _gradient = Uniform(shape);
        _affine = Near([0.85f, 0.3f, 0.02f, -0.3f, 0.85f, -0.05f]);
        _projective = Near([0.85f, 0.3f, 0.02f, -0.3f, 0.85f, -0.05f, 0.05f, -0.03f]);
        var points = Spline.IdentityTheta();
        for (var k = 0; k < points.Length; k += 2)
            (points[k], points[k + 1]) = ((0.85f * points[k]) + (0.3f * points[k + 1]), (-0.3f * points[k]) + (0.85f * points[k + 1]));
        _spline = Near(points);
        using var grid = SpatialOps.AffineGrid(_affine, shape[2], shape[3]);
        _grid = grid.clone().DetachFromDisposeScope();
        foreach (var tensor in new[] { _input, _affine, _projective, _spline, _grid })
            tensor.requires_grad_();
    }

    /// <summary>The shape as text.</summary>
    public string Name => string.Join('x', _shape.Select(side => side.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Floats of an output.</summary>
    public long OutputElements => _input.NumberOfElements;

    /// <summary>The input as a map inside a network: a leaf of the graph would copy its gradient, which is no part of the warp.</summary>
    private Tensor Map => _input.view(_shape);

    /// <summary>The warps by name.</summary>
    public IReadOnlyDictionary<string, (Func<Tensor> Forward, Tensor Theta)> Warps => new Dictionary<string, (Func<Tensor>, Tensor)>
    {
        ["libtorch"] = (Libtorch, _affine),
        ["affine"] = (() => SpatialOps.AffineWarp(Map, _affine, _shape[2], _shape[3]), _affine),
        ["projective"] = (() => SpatialOps.ProjectiveWarp(Map, _projective, _shape[2], _shape[3]), _projective),
        ["tps"] = (() => SpatialOps.ThinPlateSplineWarp(Map, _spline, Spline, _shape[2], _shape[3]), _spline),
        ["libtorch grid"] = (() => nn.functional.grid_sample(Map, _grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, false), _grid),
        ["grid"] = (() => SpatialOps.GridSample(Map, _grid), _grid),
    };

    /// <summary>Warps once, without gradients.</summary>
    public void Forward(string warp)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Warps[warp].Forward();
    }

    /// <summary>Warps once and takes the gradients of the input and of theta (or the grid).</summary>
    public void ForwardBackward(string warp)
    {
        using var scope = NewDisposeScope();
        var (forward, theta) = Warps[warp];
        (_input.grad, theta.grad) = (null, null);
        forward().backward([_gradient]);
    }

    /// <summary>How far a warp's output is from another's, relative to the largest value.</summary>
    public double Difference(string warp, string from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (one, other) = (Warps[warp].Forward().flatten(), Warps[from].Forward().flatten());
        var (apart, largest) = (one.sub(other).abs(), other.abs());
        return (double)apart[apart.argmax().item<long>()].item<float>() / largest[largest.argmax().item<long>()].item<float>();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _input, _gradient, _affine, _projective, _spline, _grid })
        {
            tensor.grad?.Dispose();
            tensor.Dispose();
        }
    }

    private Tensor Libtorch()
    {
        using var matrices = _affine.reshape(_shape[0], 2, 3);
        using var grid = nn.functional.affine_grid(matrices, _shape, false);
        return nn.functional.grid_sample(Map, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, false);
    }
}
