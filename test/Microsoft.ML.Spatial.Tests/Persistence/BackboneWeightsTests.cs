using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Tests.Data;
using Microsoft.ML.Spatial.Tests.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Persistence;

/// <summary>Backbones that start from the weights of a file, as torchvision's state dictionaries hold them.</summary>
[TestClass]
public class BackboneWeightsTests
{
    private const int Depth = 18;

    private static readonly string[] Counts = [.. StateDictionary().Keys.Where(name => name.EndsWith(ResNetExpected.BatchCount, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static TemporaryFolder? _folder;
    private static string? _whole;

    [ClassInitialize]
    public static void WriteTheWholeFile(TestContext context)
    {
        _folder = new TemporaryFolder();
        _whole = Write("whole", tensors => tensors);
    }

    [ClassCleanup]
    public static void DeleteTheFiles() => _folder!.Dispose();

    [TestMethod]
    [DataRow(false, true)]
    [DataRow(true, true)]
    [DataRow(true, false)]
    public void ReadsAWholeFile(bool isNormFrozen, bool isPyramid)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var backbone = Backbone(isNormFrozen: isNormFrozen, isPyramid: isPyramid);
        backbone.eval();

        var report = BackboneWeights.Load(backbone, _whole!);

        CollectionAssert.AreEqual(backbone.state_dict().Keys.Order(StringComparer.Ordinal).ToArray(), report.Loaded.ToArray());
        CollectionAssert.AreEqual(Array.Empty<string>(), report.StartAnew.ToArray());
        CollectionAssert.AreEqual(Sorted(isNormFrozen ? Counts : [], "fc.bias", "fc.weight"), report.NotOfTheBackbone.ToArray());
        ResNetExpected.AreMaps(ResNetExpected.Maps(Depth, isPyramid), backbone.call(ResNetExpected.Pictures().to_type(ScalarType.Float32)), 1e-5);
        if (!isNormFrozen)
            Assert.AreEqual(7, backbone.state_dict()["bn1.num_batches_tracked"].item<long>());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void DeformableConvolutionsStartAsThePlainOnesOfTheFile(bool isModulated)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var backbone = Backbone(2, isModulated, isPyramid: false);

        var report = BackboneWeights.Load(backbone, _whole!);

        string[] branches = [.. from part in isModulated ? ["mask", "offset"] : new[] { "offset" }
                                from convolution in new[] { "layer4.1.conv1", "layer4.1.conv2" }
                                from weight in new[] { "bias", "weight" }
                                select $"{convolution}.{part}.{weight}"];
        CollectionAssert.AreEqual(Sorted(branches), report.StartAnew.ToArray());
        CollectionAssert.AreEqual(Sorted([.. backbone.state_dict().Keys.Except(branches)]), report.Loaded.ToArray());
        ResNetExpected.AreMaps(ResNetExpected.Maps(Depth, false), backbone.call(ResNetExpected.Pictures().to_type(ScalarType.Float32)), 1e-5);
    }

    [TestMethod]
    public void AnOlderFileCountsNoBatches()
    {
        using var scope = torch.NewDisposeScope();
        var path = Write("older", tensors => tensors.Where(entry => !Counts.Contains(entry.Name)));
        using var backbone = Backbone(isNormFrozen: false);
        CollectionAssert.AreEqual(Counts, BackboneWeights.Load(backbone, path).StartAnew.ToArray());
        using var frozen = Backbone();
        CollectionAssert.AreEqual(new[] { "fc.bias", "fc.weight" }, BackboneWeights.Load(frozen, path).NotOfTheBackbone.ToArray());
    }

    [TestMethod]
    [DataRow(ScalarType.Float16, 1e-3)]
    [DataRow(ScalarType.BFloat16, 1e-2)]
    [DataRow(ScalarType.Float64, 1e-7)]
    public void ConvertsWhatIsOfAnotherPrecision(ScalarType type, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        using var backbone = Backbone();
        BackboneWeights.Load(backbone, Write($"{type}", tensors => tensors.Select(entry => (entry.Name, entry.Value.is_floating_point() ? entry.Value.to_type(type) : entry.Value))));
        foreach (var name in new[] { "conv1.weight", "layer3.0.downsample.1.running_var", "layer4.1.conv2.weight" })
        {
            var value = backbone.state_dict()[name];
            Assert.AreEqual(ScalarType.Float32, value.dtype);
            AreClose(Values(ResNetExpected.Weight(name, value.shape)), value, tolerance);
        }
    }

    [TestMethod]
    public void OneChannelSeesWhatThreeSeeOfAGreyPicture()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var colours = Backbone();
        using var grey = Backbone(channels: 1);
        BackboneWeights.Load(colours, _whole!);
        BackboneWeights.Load(grey, _whole!);
        var pictures = Singles(Uniform(1, 2 * 33 * 40), 2, 1, 33, 40);
        foreach (var (expected, map) in colours.call(pictures.broadcast_to(2, 3, 33, 40)).Zip(grey.call(pictures)))
            AreClose(Values(expected), map, 1e-4);
    }

    [TestMethod]
    [DoNotParallelize]
    public void RefusesAFileThatDoesNotFitAndChangesNothing()
    {
        using var scope = torch.NewDisposeScope();
        using var backbone = Backbone(1);
        var before = backbone.state_dict().ToDictionary(entry => entry.Key, entry => Values(entry.Value));
        var path = Write("unfit", tensors => tensors
            .Where(entry => entry.Name is not ("layer1.0.bn1.bias" or "bn1.running_var"))
            .Select(entry => (entry.Name, entry.Name switch
            {
                "layer2.0.downsample.0.weight" => entry.Value.unsqueeze(0),
                "layer3.1.bn1.weight" => entry.Value.to_type(ScalarType.Int64),
                "conv1.weight" => entry.Value.narrow(1, 0, 1),
                _ => entry.Value,
            }))
            .Concat([("layer5.0.conv1.weight", Singles([1], 1)), ("layer4.1.conv2.offset.bias", Singles(new double[18], 18)), ("nothing.num_batches_tracked", Singles([1], 1))]));
        var live = LiveTensors();

        var error = Assert.ThrowsExactly<FormatException>(() => BackboneWeights.Load(backbone, path));

        Assert.AreEqual(live, LiveTensors());
        Assert.AreEqual(
            $"The weights file '{path}' is not that of a ResNet of 18 layers: missing [bn1.running_var, layer1.0.bn1.bias], "
            + "unknown [layer4.1.conv2.offset.bias, layer5.0.conv1.weight, nothing.num_batches_tracked], of another shape or type ["
            + "conv1.weight: Float32 [64, 1, 7, 7] where Float32 [64, 3, 7, 7] is needed, "
            + "layer2.0.downsample.0.weight: Float32 [1, 128, 64, 1, 1] where Float32 [128, 64, 1, 1] is needed, "
            + "layer3.1.bn1.weight: Int64 [256] where Float32 [256] is needed].",
            error.Message);
        foreach (var (name, value) in backbone.state_dict())
            CollectionAssert.AreEqual(before[name], Values(value), name);
    }

    [TestMethod]
    public void RefusesTheWeightsOfAnotherDepth()
    {
        using var backbone = new ResNetBackbone(34, 3, 0, default, true, true);
        var error = Assert.ThrowsExactly<FormatException>(() => BackboneWeights.Load(backbone, _whole!));
        StringAssert.Contains(error.Message, "is not that of a ResNet of 34 layers: missing [layer1.2.bn1.bias, ");
    }

    [TestMethod]
    [DoNotParallelize]
    public void RefusesADamagedFile()
    {
        using var backbone = Backbone();
        var whole = File.ReadAllBytes(_whole!);
        var live = LiveTensors();
        void Refuses(byte[] bytes, string part)
        {
            var path = _folder!.Path("damaged.safetensors");
            File.WriteAllBytes(path, bytes);
            var error = Assert.ThrowsExactly<FormatException>(() => BackboneWeights.Load(backbone, path));
            StringAssert.StartsWith(error.Message, $"The weights file '{path}' of {bytes.Length} bytes cannot be read: ");
            StringAssert.Contains(error.Message, part);
            StringAssert.EndsWith(error.Message, "PyTorch's own (.pth) must be converted.");
        }

        Refuses(whole[..^1], $"that is more than the {whole.Length - 1} allowed");
        Refuses([.. whole, 0], "belong to no tensor");
        Refuses(whole[..100], "The data ends within the header");
        Refuses([.. "PK\u0003\u0004\0\0\b\b\0\0\0\0"u8], "The header claims a length of");
        Refuses([], "The data ends within the length of the header");
        Assert.ThrowsExactly<FileNotFoundException>(() => BackboneWeights.Load(backbone, _folder!.Path("nowhere")));
        Assert.AreEqual(live, LiveTensors());
    }

    [TestMethod]
    [DoNotParallelize]
    public void LeavesNoTensor()
    {
        using var backbone = Backbone(3, isModulated: true, channels: 1);
        var live = LiveTensors();
        BackboneWeights.Load(backbone, _whole!);
        Assert.AreEqual(live, LiveTensors());
    }

    private static ResNetBackbone Backbone(int deformableLayers = 0, bool isModulated = false, bool isNormFrozen = true, bool isPyramid = true, int channels = 3) =>
        new(Depth, channels, deformableLayers, new DeformableConvolution(1, isModulated), isNormFrozen, isPyramid);

    private static Dictionary<string, long[]> StateDictionary()
    {
        using var backbone = Backbone(isNormFrozen: false);
        return backbone.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.shape);
    }

    /// <summary>Writes a file of the tensors that a whole one holds, after a change.</summary>
    private static string Write(string name, Func<IEnumerable<(string Name, Tensor Value)>, IEnumerable<(string Name, Tensor Value)>> change)
    {
        using var scope = torch.NewDisposeScope();
        var tensors = StateDictionary()
            .Select(entry => (Name: entry.Key, Value: entry.Key.EndsWith(ResNetExpected.BatchCount, StringComparison.Ordinal)
                ? TensorFactory.FromArray<long>([7], [], CPU)
                : ResNetExpected.Weight(entry.Key, entry.Value).to_type(ScalarType.Float32)))
            .Concat([("fc.weight", Singles(new double[512 * 2], 2, 512)), ("fc.bias", Singles([1, 2], 2))])
            .ToArray();
        var path = _folder!.Path($"{name}.safetensors");
        using var stream = File.Create(path);
        Safetensors.Write(stream, [.. change(tensors)], null);
        return path;
    }

    private static string[] Sorted(string[] names, params string[] others) => [.. names.Concat(others).Order(StringComparer.Ordinal)];
}
