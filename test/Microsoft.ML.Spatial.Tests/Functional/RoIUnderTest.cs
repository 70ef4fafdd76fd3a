using System.Text.Json;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Functional.Kernels;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Pictures, RoIs and offsets for one of the poolings, with the pooling itself and its reference.</summary>
internal sealed class RoIUnderTest
{
    /// <summary>The poolings by name.</summary>
    internal static readonly string[] Names = ["align", "aligned", "pool", "pspool", "psalign", "deform", "deformps", "deformps2"];

    private readonly string _name;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _ratio;
    private readonly double _scale;
    private readonly int _outputChannels;
    private readonly ReferenceRoI _reference;

    private RoIUnderTest(string name, int seed, int pictures, int outputChannels, int height, int width, int rows, int columns, int ratio, double scale, int count)
    {
        (_name, _rows, _columns, _ratio, _scale, _outputChannels) = (name, rows, columns, ratio, scale, outputChannels);
        if (IsSquare)
            _columns = rows;
        Shape = [pictures, outputChannels * Groups, height, width];
        Input = Uniform(seed, (int)Shape.Aggregate(1L, (product, side) => product * side));
        var random = new Random(seed + 1);
        double Single(double value) => (float)value;
        RoIs = [.. Enumerable.Range(0, count).SelectMany(_ =>
        {
            // Most of them inside, some beyond the edges, some thin; seldom with exchanged ends.
            var (x, y) = ((random.NextDouble() * 1.4 - 0.3) * width, (random.NextDouble() * 1.4 - 0.3) * height);
            var (w, h) = ((random.NextDouble() - 0.05) * width, (random.NextDouble() - 0.05) * height);
            return new[] { random.Next(pictures), Single(x / scale), Single(y / scale), Single((x + w) / scale), Single((y + h) / scale) };
        })];
        Offsets = IsDeformable ? [.. Uniform(seed + 2, (int)OffsetsShape.Aggregate(1L, (product, side) => product * side), -3, 3).Select(Single)] : null;
        _reference = new ReferenceRoI(Shape, RoIs);
        Expected = Reference(Input, Offsets);
        Nearest = _reference.Nearest;
    }

    internal long[] Shape { get; }

    internal double[] Input { get; }

    internal double[] RoIs { get; }

    internal double[]? Offsets { get; }

    internal double[] Expected { get; }

    internal double LargestExpected => Largest(Expected);

    /// <summary>How near a sample is to a pixel's centre or to an edge.</summary>
    internal double Nearest { get; }

    internal long Count => RoIs.Length / 5;

    internal long[] OutputShape => [Count, _outputChannels, _rows, _columns];

    internal long[] OffsetsShape => _name == "deform" ? [Count, 2, _rows, _columns] : [Count, 2 * Classes, Parts, Parts];

    /// <summary>Whether no RoI has its ends exchanged.</summary>
    internal bool IsOrdered => RoIs.Chunk(5).All(roi => roi[3] > roi[1] && roi[4] > roi[2]);

    /// <summary>The call of torchvision that is the same pooling.</summary>
    internal Torchvision.Case TorchvisionCase(double[] gradient)
    {
        var options = new Dictionary<string, object> { ["output_size"] = new[] { _rows, _columns }, ["spatial_scale"] = _scale };
        if (_name is "align" or "aligned" or "psalign")
            options["sampling_ratio"] = _ratio;
        if (_name == "aligned")
            options["aligned"] = true;
        var function = _name switch { "align" or "aligned" => "roi_align", "pool" => "roi_pool", "psalign" => "ps_roi_align", _ => "ps_roi_pool" };
        return new Torchvision.Case(
            function, new() { ["input"] = new(Input, Shape), ["boxes"] = new(RoIs, [Count, 5]) },
            options.ToDictionary(option => option.Key, option => JsonSerializer.SerializeToElement(option.Value)), gradient);
    }

    internal bool IsDeformable => _name.StartsWith("deform", StringComparison.Ordinal);

    private bool IsSquare => _name.StartsWith("deformps", StringComparison.Ordinal);

    /// <summary>Two classes where there are two equal halves of channels, and groups and parts that are fewer than the bins.</summary>
    private int Classes => _name == "deformps2" && _outputChannels % 2 == 0 ? 2 : 1;

    private int GroupSize => _name == "deformps2" ? Math.Max(_rows - 1, 1) : _rows;

    private int Parts => _name == "deformps2" ? (_rows + 1) / 2 : _rows;

    private int Groups => IsSquare ? GroupSize * GroupSize : _name.StartsWith("ps", StringComparison.Ordinal) ? _rows * _columns : 1;

    /// <summary>A case whose samples keep away from where single precision may fall to another side.</summary>
    internal static RoIUnderTest Make(
        string name, int seed, int pictures = 2, int outputChannels = 3, int height = 7, int width = 9, int rows = 3, int columns = 2, int ratio = 0, double scale = 0.5, int count = 4)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var made = new RoIUnderTest(name, (1000 * seed) + (10 * attempt), pictures, outputChannels, height, width, rows, columns, ratio, scale, count);
            if (made.Nearest > 1e-3)
                return made;
        }

        throw new InvalidOperationException($"No case of {name} with seed {seed} keeps away from pixels' centres.");
    }

    /// <summary>The largest of some values; not so small that rounding counts for as much as they.</summary>
    internal static double Largest(double[] values) => values.Length == 0 ? 1 : Math.Max(values.Max(Math.Abs), 1e-3);

    internal Tensor InputTensor(ScalarType type) => Of(Input, Shape).to_type(type);

    internal Tensor RoITensor(ScalarType type) => Of(RoIs, Count, 5).to_type(type);

    internal Tensor? OffsetsTensor(ScalarType type) => Offsets is null ? null : Of(Offsets, OffsetsShape).to_type(type);

    internal Tensor Pool(Tensor input, Tensor rois, Tensor? offsets) => _name switch
    {
        "align" => SpatialOps.RoIAlign(input, rois, _rows, _columns, _scale, _ratio),
        "aligned" => SpatialOps.RoIAlign(input, rois, _rows, _columns, _scale, _ratio, aligned: true),
        "pool" => SpatialOps.RoIPool(input, rois, _rows, _columns, _scale),
        "pspool" => SpatialOps.PSRoIPool(input, rois, _rows, _columns, _scale),
        "psalign" => SpatialOps.PSRoIAlign(input, rois, _rows, _columns, _scale, _ratio),
        "deform" => SpatialOps.DeformRoIPool(input, rois, offsets, _rows, _columns, _scale, _ratio),
        _ => SpatialOps.DeformPSRoIPool(input, rois, offsets, _outputChannels, GroupSize, _rows, _scale, Parts, Math.Max(_ratio, 1), 0.15),
    };

    /// <summary>Pools by torch's operators what a kernel would take.</summary>
    internal Tensor Composed(ScalarType type)
    {
        var shape = new RoIShape((int)Shape[0], (int)Shape[1], (int)Shape[2], (int)Shape[3], _outputChannels, _rows, _columns)
        {
            GroupRows = IsSquare ? GroupSize : Groups == 1 ? 1 : _rows,
            GroupColumns = IsSquare ? GroupSize : Groups == 1 ? 1 : _columns,
            Classes = Classes,
            PartRows = IsSquare ? Parts : _rows,
            PartColumns = IsSquare ? Parts : _columns,
        };
        var lattice = IsSquare
            ? new RoILattice(RoIConvention.Cornered, _scale, Math.Max(_ratio, 1), 0.15)
            : new RoILattice(_name == "align" ? RoIConvention.Plain : RoIConvention.Aligned, _scale, _ratio, 0.1);
        var pooling = _name is "pool" or "pspool"
            ? new RoIPooling(shape, RoIs, Pixels: new PixelPooling(_scale, _name == "pspool"))
            : new RoIPooling(shape, RoIs, lattice);
        return ComposedRoIPool.Apply(InputTensor(type), OffsetsTensor(type), pooling);
    }

    internal Tensor Pool(ScalarType type) => Pool(InputTensor(type), RoITensor(type), OffsetsTensor(type));

    internal double[] Reference(double[] input, double[]? offsets) => _reference.Pool(Samples(input, offsets), input, OutputShape.Aggregate(1L, (product, side) => product * side));

    /// <summary>The gradients of the input and of the offsets, none where there are none, from that of the output.</summary>
    internal (double[] OfInput, double[] OfOffsets) Gradients(double[] gradOutput) =>
        _reference.Gradients(Samples(Input, Offsets), Input, Offsets?.Length ?? 0, gradOutput);

    private IEnumerable<ReferenceRoI.Sample> Samples(double[] input, double[]? offsets) => _name switch
    {
        "align" => _reference.Align(null, _rows, _columns, _scale, _ratio, aligned: false),
        "aligned" => _reference.Align(null, _rows, _columns, _scale, _ratio, aligned: true),
        "pool" => _reference.Pixels(input, _rows, _columns, _scale, isMean: false),
        "pspool" => _reference.Pixels(input, _rows, _columns, _scale, isMean: true),
        "psalign" => _reference.Align(null, _rows, _columns, _scale, _ratio, aligned: true, sensitive: true),
        "deform" => _reference.Align(offsets, _rows, _columns, _scale, _ratio, aligned: true, gamma: 0.1),
        _ => _reference.DeformPositionSensitive(offsets, _outputChannels, GroupSize, _rows, _scale, Parts, Math.Max(_ratio, 1), 0.15, Classes),
    };
}
