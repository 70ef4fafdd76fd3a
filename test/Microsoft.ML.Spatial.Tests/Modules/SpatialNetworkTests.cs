using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class SpatialNetworkTests
{
    // Counted on the networks of the PyTorch reference.
    [TestMethod]
    [DataRow(SpatialArchitecture.Fcn, 28, 269322)]
    [DataRow(SpatialArchitecture.Fcn, 42, 520202)]
    [DataRow(SpatialArchitecture.Fcn, 60, 990218)]
    [DataRow(SpatialArchitecture.Cnn, 28, 430890)]
    [DataRow(SpatialArchitecture.Cnn, 42, 440490)]
    [DataRow(SpatialArchitecture.Cnn, 60, 430890)]
    [DataRow(SpatialArchitecture.StCnn, 28, 463040)]
    [DataRow(SpatialArchitecture.StCnn, 42, 450752)]
    [DataRow(SpatialArchitecture.StCnn, 60, 463040)]
    public void HasAsManyParametersAsTheReference(SpatialArchitecture architecture, int side, int parameters)
    {
        using var network = Spec(architecture, side).Build();

        Assert.AreEqual(parameters, network.ParameterCount);
        Assert.AreEqual(parameters, network.LocalisationParameters().Concat(network.OtherParameters()).Sum(parameter => parameter.NumberOfElements));
    }

    [TestMethod]
    public void NamesOfWeightsStay()
    {
        using var network = Spec(SpatialArchitecture.StCnn, 42).Build();
        HasWeights(
            network,
            ("transformer.localisation.conv1.weight", [16, 1, 5, 5]),
            ("transformer.localisation.conv1.bias", [16]),
            ("transformer.localisation.conv2.weight", [16, 16, 5, 5]),
            ("transformer.localisation.conv2.bias", [16]),
            ("transformer.localisation.hidden.weight", [32, 400]),
            ("transformer.localisation.hidden.bias", [32]),
            ("transformer.localisation.theta.weight", [6, 32]),
            ("transformer.localisation.theta.bias", [6]),
            ("classifier.conv1.weight", [32, 1, 3, 3]),
            ("classifier.conv1.bias", [32]),
            ("classifier.conv2.weight", [32, 32, 3, 3]),
            ("classifier.conv2.bias", [32]),
            ("classifier.conv3.weight", [64, 32, 3, 3]),
            ("classifier.conv3.bias", [64]),
            ("classifier.hidden.weight", [128, 3136]),
            ("classifier.hidden.bias", [128]),
            ("classifier.output.weight", [10, 128]),
            ("classifier.output.bias", [10]));

        using var connected = (Spec(SpatialArchitecture.StFcn, 42) with { Transformation = TransformationKind.Attention }).Build();
        HasWeights(
            connected,
            ("transformer.localisation.hidden1.weight", [32, 1764]),
            ("transformer.localisation.hidden1.bias", [32]),
            ("transformer.localisation.hidden2.weight", [32, 32]),
            ("transformer.localisation.hidden2.bias", [32]),
            ("transformer.localisation.hidden3.weight", [32, 32]),
            ("transformer.localisation.hidden3.bias", [32]),
            ("transformer.localisation.theta.weight", [3, 32]),
            ("transformer.localisation.theta.bias", [3]),
            ("classifier.hidden1.weight", [256, 784]),
            ("classifier.hidden1.bias", [256]),
            ("classifier.hidden2.weight", [256, 256]),
            ("classifier.hidden2.bias", [256]),
            ("classifier.output.weight", [10, 256]),
            ("classifier.output.bias", [10]));
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Affine)]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Attention)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Affine)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Attention)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.ThinPlateSpline)]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Projective)]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.Affine)]
    public void AFreshTransformerOnlyResamples(SpatialArchitecture architecture, TransformationKind kind)
    {
        using var scope = torch.NewDisposeScope();
        var spec = new SpatialNetworkSpec
        {
            Architecture = architecture,
            Transformation = kind,
            Channels = 3,
            InputHeight = 14,
            InputWidth = 20,
            RectifiedHeight = 9,
            RectifiedWidth = 11,
            Classes = 4,
        };
        using var network = spec.Build();
        var input = Uniform(1, 2 * 3 * 14 * 20);
        var grid = ReferenceSampler.AffineGrid([1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0], 9, 11, false);
        var expected = ReferenceSampler.Sample(
            input, [2, 3, 14, 20], grid, SamplingMode.Bilinear, PaddingMode.Zeros, false);

        var (logits, theta, rectified) = network.Run(Singles(input, 2, 3, 14, 20));

        CollectionAssert.AreEqual(new long[] { 2, 4 }, logits.shape);
        CollectionAssert.AreEqual(new long[] { 2, 3, 9, 11 }, rectified!.shape);
        AreClose(expected, rectified, 1e-5);
        var identity = network.Transformers[0].Grid.IdentityTheta().Select(value => (double)value).ToArray();
        AreClose([.. identity, .. identity], theta!, 0);
        AreClose(Values(logits), network.call(Singles(input, 2, 3, 14, 20)), 0);
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.Fcn)]
    [DataRow(SpatialArchitecture.Cnn)]
    public void WithoutATransformerThereIsOnlyTheClassifier(SpatialArchitecture architecture)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Spec(architecture, 12).Build();

        var (logits, theta, rectified) = network.Run(Singles(Uniform(1, 2 * 144), 2, 1, 12, 12));

        CollectionAssert.AreEqual(new long[] { 2, 10 }, logits.shape);
        Assert.IsNull(theta);
        Assert.IsNull(rectified);
        Assert.IsEmpty(network.Transformers);
        Assert.IsEmpty(network.LocalisationParameters());
    }

    [TestMethod]
    public void NamesOfWeightsOfSeveralTransformersStay()
    {
        using var network = (Spec(SpatialArchitecture.StCnnMulti, 42) with { Transformation = TransformationKind.ThinPlateSpline, ControlPointsPerSide = 3, ParallelTransformers = 2 }).Build();
        HasWeights(
            network,
            [
                .. Pooled("transformers.transformer1", 100),
                .. Pooled("transformers.transformer2", 100),
                .. Pooled("classifier.transformer2", 32 * 49),
                .. Pooled("classifier.transformer3", 32 * 49),
                ("classifier.conv1.weight", [32, 2, 3, 3]),
                ("classifier.conv1.bias", [32]),
                ("classifier.conv2.weight", [32, 32, 3, 3]),
                ("classifier.conv2.bias", [32]),
                ("classifier.conv3.weight", [64, 32, 3, 3]),
                ("classifier.conv3.bias", [64]),
                ("classifier.hidden.weight", [128, 3136]),
                ("classifier.hidden.bias", [128]),
                ("classifier.output.weight", [10, 128]),
                ("classifier.output.bias", [10]),
            ]);
        Assert.AreEqual(network.ParameterCount, network.LocalisationParameters().Concat(network.OtherParameters()).Sum(parameter => parameter.NumberOfElements));
        Assert.AreEqual(4 * 6, network.LocalisationParameters().Count());

        static (string Name, long[] Shape)[] Pooled(string of, long features) =>
        [
            ($"{of}.localisation.hidden1.weight", [32, features]),
            ($"{of}.localisation.hidden1.bias", [32]),
            ($"{of}.localisation.hidden2.weight", [32, 32]),
            ($"{of}.localisation.hidden2.bias", [32]),
            ($"{of}.localisation.theta.weight", [18, 32]),
            ($"{of}.localisation.theta.bias", [18]),
        ];
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Attention, 4)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.ThinPlateSpline, 2)]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.Projective, 3)]
    public void ParallelTransformersStartAtTheirWindowsAndAreJoined(SpatialArchitecture architecture, TransformationKind kind, int count)
    {
        using var scope = torch.NewDisposeScope();
        var spec = Spec(architecture, 20) with { Transformation = kind, ParallelTransformers = count, Channels = 3, RectifiedHeight = 8, RectifiedWidth = 6, ControlPointsPerSide = 3 };
        using var network = spec.Build();
        var input = Singles(Uniform(1, 2 * 3 * 400), 2, 3, 20, 20);

        var (logits, theta, rectified) = network.Run(input);

        CollectionAssert.AreEqual(new long[] { 2, 10 }, logits.shape);
        CollectionAssert.AreEqual(new long[] { 2, count * 3, 8, 6 }, rectified!.shape);
        double[] starts = [.. TransformationStart.Spread(kind, count, 3).SelectMany(start => start).Select(value => (double)value)];
        AreClose([.. starts, .. starts], theta!, 0);
        Assert.HasCount(count, network.Transformers);
        for (var i = 0; i < count; i++)
            AreClose(Values(network.Transformers[i].call(input)), rectified.narrow(1, 3 * i, 3), 0);
    }

    [TestMethod]
    public void MultiTransformsEachFeatureMap()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Spec(SpatialArchitecture.StCnnMulti, 42).Build();
        var input = Singles(Uniform(1, 2 * 1764), 2, 1, 42, 42);
        var before = Values(network.call(input));
        Assert.HasCount(1, network.Transformers);
        Assert.HasCount(2, network.FeatureTransformers);
        CollectionAssert.AreEqual(new long[] { 14, 14, 7, 7 }, network.FeatureTransformers.SelectMany(each => new[] { each.Grid.OutputHeight, each.Grid.OutputWidth }).ToArray());

        foreach (var name in new[] { "classifier.transformer2", "classifier.transformer3" })
        {
            using var noGradient = torch.no_grad();
            var bias = network.state_dict()[$"{name}.localisation.theta.bias"];
            bias.copy_(Singles([0, -1, 0.1, 1, 0, 0.1], 6));
            Assert.IsTrue(Values(network.call(input)).Zip(before).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-4), name);
            bias.copy_(Singles([1, 0, 0, 0, 1, 0], 6));
            AreClose(before, network.call(input), 1e-6);
        }
    }

    [TestMethod]
    public void GradientsReachEveryLocalisationNetwork()
    {
        using var scope = torch.NewDisposeScope();
        using var network = (Spec(SpatialArchitecture.StCnnMulti, 42) with { ParallelTransformers = 2 }).Build();
        using (torch.no_grad())
        {
            foreach (var (name, weight) in network.state_dict().Where(entry => entry.Key.Contains("theta.weight", StringComparison.Ordinal)))
                weight.copy_(Singles(Uniform(5, 192, -0.1, 0.1), 6, 32));
        }

        network.call(Singles(Uniform(2, 4 * 1764, 0, 1), 4, 1, 42, 42)).mul(Singles(Uniform(3, 40), 4, 10)).sum().backward();

        foreach (var (name, parameter) in network.named_parameters())
            Assert.IsTrue(parameter.grad is { } gradient && Values(gradient).Any(value => value != 0), name);
    }

    [TestMethod]
    public void GradientsReachTheLocalisationNetwork()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Spec(SpatialArchitecture.StCnn, 42).Build();

        // Off the pixel centres and off zero weights, so that every gradient is there.
        using (torch.no_grad())
        {
            var theta = network.state_dict()["transformer.localisation.theta.weight"];
            theta.copy_(Singles(Uniform(5, 192, -0.1, 0.1), 6, 32));
        }

        network.call(Singles(Uniform(2, 4 * 1764, 0, 1), 4, 1, 42, 42)).mul(Singles(Uniform(3, 40), 4, 10)).sum().backward();

        foreach (var (name, parameter) in network.named_parameters())
        {
            Assert.IsNotNull(parameter.grad, name);
            Assert.IsTrue(Values(parameter.grad).Any(value => value != 0), name);
        }
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.Fcn)]
    [DataRow(SpatialArchitecture.Cnn)]
    [DataRow(SpatialArchitecture.StFcn)]
    [DataRow(SpatialArchitecture.StCnn)]
    [DataRow(SpatialArchitecture.StCnnMulti)]
    public void ABatchOfNoneGivesNone(SpatialArchitecture architecture)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Spec(architecture, 42).Build();
        CollectionAssert.AreEqual(new long[] { 0, 10 }, network.call(Singles([], 0, 1, 42, 42)).shape);
    }

    [TestMethod]
    public void WeightsOutliveTheScopeTheyWereMadeIn()
    {
        SpatialNetwork network;
        using (torch.NewDisposeScope())
            network = Spec(SpatialArchitecture.StCnn, 12).Build();
        using (network)
        using (torch.NewDisposeScope())
            CollectionAssert.AreEqual(new long[] { 1, 10 }, network.call(Singles(Uniform(1, 144), 1, 1, 12, 12)).shape);
    }

    [TestMethod]
    [DoNotParallelize]
    public void DisposeFreesEveryTensor()
    {
        var before = LiveTensors();
        foreach (var architecture in Enum.GetValues<SpatialArchitecture>())
        {
            using var network = (Spec(architecture, 36) with { Transformation = TransformationKind.ThinPlateSpline, ParallelTransformers = 2 }).Build();
            using var scope = torch.NewDisposeScope();
            var input = Singles(Uniform(1, 1296), 1, 1, 36, 36);
            network.call(input).sum().backward();
            var live = LiveTensors();
            network.call(input).Dispose();
            Assert.AreEqual(live, LiveTensors(), "A forward pass leaves its logits and nothing else.");
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        void Refused(string property, string part, Action action)
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(action);
            Assert.AreEqual(property, error.ParamName);
            StringAssert.Contains(error.Message, part);
        }

        var spec = Spec(SpatialArchitecture.StCnn, 42);
        Refused("Architecture", "StCnn", () => _ = spec with { Architecture = (SpatialArchitecture)17 });
        Refused("Transformation", "Affine", () => _ = spec with { Transformation = (TransformationKind)17 });
        Refused("ControlPointsPerSide", "ControlPointsPerSide is 1; it must be between 2 and 32", () => _ = spec with { ControlPointsPerSide = 1 });
        Refused("ControlPointsPerSide", "ControlPointsPerSide is 33", () => _ = spec with { ControlPointsPerSide = 33 });
        Refused("ParallelTransformers", "ParallelTransformers is 0; it must be between 1 and 16", () => _ = spec with { ParallelTransformers = 0 });
        Refused("ParallelTransformers", "ParallelTransformers is 17", () => _ = spec with { ParallelTransformers = 17 });
        Refused("Channels", "Channels is 0", () => _ = spec with { Channels = 0 });
        Refused("InputHeight", "InputHeight is -3", () => _ = spec with { InputHeight = -3 });
        Refused("RectifiedWidth", "RectifiedWidth is 100000", () => _ = spec with { RectifiedWidth = 100000 });
        Refused("Classes", "Classes is 1", () => _ = spec with { Classes = 1 });
        Refused("InputWidth", "InputWidth is 3; it must be between 4 and", () => (spec with { InputWidth = 3 }).Build());
        Refused("RectifiedHeight", "RectifiedHeight is 2", () => (spec with { RectifiedHeight = 2 }).Build());

        using var network = spec.Build();
        using var scope = torch.NewDisposeScope();
        var shape = Assert.ThrowsExactly<ArgumentException>(() => network.Run(Singles(Uniform(1, 784), 1, 1, 28, 28)));
        StringAssert.Contains(shape.Message, "[1, 1, 28, 28]");
        StringAssert.Contains(shape.Message, "[N, 1, 42, 42]");
    }

    private static SpatialNetworkSpec Spec(SpatialArchitecture architecture, int side) => new()
    {
        Architecture = architecture,
        Transformation = TransformationKind.Affine,
        Channels = 1,
        InputHeight = side,
        InputWidth = side,
        RectifiedHeight = 28,
        RectifiedWidth = 28,
        Classes = 10,
    };

    private static void HasWeights(SpatialNetwork network, params (string Name, long[] Shape)[] expected)
    {
        var weights = network.state_dict();
        CollectionAssert.AreEquivalent(expected.Select(weight => weight.Name).ToArray(), weights.Keys);
        foreach (var (name, shape) in expected)
            CollectionAssert.AreEqual(shape, weights[name].shape, name);
    }
}
