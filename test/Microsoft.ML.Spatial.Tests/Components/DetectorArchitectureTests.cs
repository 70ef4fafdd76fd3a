using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Tests.Data;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class DetectorArchitectureTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(DetectionArchitecture.FasterRcnn, 0, false)]
    [DataRow(DetectionArchitecture.FasterRcnn, 2, true)]
    [DataRow(DetectionArchitecture.Rfcn, 0, false)]
    [DataRow(DetectionArchitecture.Rfcn, 2, true)]
    public void FindsObjects(DetectionArchitecture architecture, int deformableLayers, bool deformableRoIPooling)
    {
        var options = Options(architecture, deformableLayers, deformableRoIPooling);
        options.Epochs = 16;
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.View(_ml, 240));

        var metrics = _ml.MulticlassClassification.EvaluateDetections(model.Transform(Scenes.Keyed(_ml, Scenes.Make(60, seed: 77))));

        Assert.IsGreaterThan(0.9, metrics.AveragePrecision50, metrics.ToString());
    }

    [TestMethod]
    public void FindsObjectsInAPyramid()
    {
        var options = Scenes.Options(epochs: 16);
        options.FeaturePyramid = true;
        using var model = Trainer(options).Fit(Scenes.View(_ml, 240));

        var metrics = _ml.MulticlassClassification.EvaluateDetections(model.Transform(Scenes.Keyed(_ml, Scenes.Make(60, seed: 77))));

        Assert.IsGreaterThan(0.8, metrics.AveragePrecision50, metrics.ToString());
    }

    [TestMethod]
    [DoNotParallelize]
    [DataRow(DetectionArchitecture.Fcos, BackboneKind.Compact, false)]
    [DataRow(DetectionArchitecture.FasterRcnn, BackboneKind.Compact, true)]
    [DataRow(DetectionArchitecture.Rfcn, BackboneKind.Compact, true)]
    [DataRow(DetectionArchitecture.Fcos, BackboneKind.ResNet18, false)]
    [DataRow(DetectionArchitecture.FasterRcnn, BackboneKind.ResNet18, true)]
    [DataRow(DetectionArchitecture.Rfcn, BackboneKind.ResNet18, false)]
    [DataRow(DetectionArchitecture.Fcos, BackboneKind.ResNet50, false)]
    public void ALoadedModelFindsTheSame(DetectionArchitecture architecture, BackboneKind backbone, bool deformableRoIPooling)
    {
        var view = Pictures();
        using var folder = new TemporaryFolder();
        var options = Options(architecture, 2, deformableRoIPooling);
        options.ImageHeight = options.ImageWidth = 64;
        (options.Backbone, options.Epochs, options.ScoreThreshold) = (backbone, 1, 0);
        if (architecture == DetectionArchitecture.Fcos)
            options.FeaturePyramid = true;
        var before = LiveTensors();
        using (var model = Trainer(options).Fit(view))
        {
            var file = folder.Path("model.zip");
            _ml.Model.SaveModel(model, view.Schema, file);
            var loaded = (DeformableDetectorTransformer)new MLContext(2).Model.Load(file, out _);
            using var freed = (IDisposable)loaded;

            Assert.AreEqual(architecture, loaded.NetworkSpec.Architecture);
            Assert.AreEqual(model.NetworkSpec, loaded.NetworkSpec);
            Assert.AreEqual(model.ParameterCount, loaded.ParameterCount);
            var (own, other) = (Scores(model.Transform(view)), Scores(loaded.Transform(view)));
            Assert.IsTrue(own.Any(scores => scores.Length > 0));
            for (var row = 0; row < own.Length; row++)
                CollectionAssert.AreEqual(own[row], other[row]);
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    public void AResNetStartsFromTheWeightsOfAFile()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Path("resnet18.safetensors");
        using (var scope = torch.NewDisposeScope())
        {
            using var source = new ResNetBackbone(18, 3, 0, default, isNormFrozen: false, isPyramid: false);
            using var stream = File.Create(file);
            using var noGradient = no_grad();
            source.state_dict()["bn1.running_var"].mul_(4);
            Safetensors.Write(stream, [.. source.state_dict().Select(entry => (entry.Key, entry.Value)), ("fc.bias", TensorFactory.Zeros([1000], ScalarType.Float32, CPU))], null);
        }

        var messages = new List<string>();
        _ml.Log += (_, line) => messages.Add(line.RawMessage);
        var options = Scenes.Options(epochs: 1);
        (options.Backbone, options.BackboneWeights) = (BackboneKind.ResNet18, file);
        options.ImageHeight = options.ImageWidth = 64;
        using (var model = Trainer(options).Fit(Pictures()))
            Assert.IsTrue(model.NetworkSpec.FrozenBatchNorm);

        var told = messages.Single(message => message.Contains("weights of the backbone", StringComparison.Ordinal));
        Assert.Contains("layer4.1.conv2.offset.weight", told);
        Assert.Contains("left aside: [bn1.num_batches_tracked, fc.bias", told);

        options.Backbone = BackboneKind.ResNet34;
        var error = Assert.Throws<FormatException>(() => Trainer(options).Fit(Pictures()));
        Assert.Contains("layer1.2.conv1.weight", error.Message);
    }

    [TestMethod]
    public void OffsetsOfFactorZeroStayWhereTheyStart()
    {
        double Farthest(double factor)
        {
            var options = Scenes.Options();
            options.OffsetLearningRateFactor = factor;
            using var model = Trainer(options).Fit(Scenes.View(_ml, 30));
            using var image = Shapes.Picture(Enumerable.Range(0, Scenes.Side * Scenes.Side).Select(i => i % 7 / 7f).ToArray(), Scenes.Side, Scenes.Side);
            var points = model.SamplingPoints(image, [(16, 16)]).Single();
            Assert.HasCount(81, points);

            // Two layers of 3x3 at stride 8 around the position (2, 2).
            return points.Select((point, i) => Math.Max(Math.Abs(point.Y - (16 + (8 * ((i / 27) + (i / 3 % 3) - 2)))), Math.Abs(point.X - (16 + (8 * ((i / 9 % 3) + (i % 3) - 2)))))).Max();
        }

        Assert.AreEqual(0, Farthest(0), 1e-4);
        Assert.IsGreaterThan(1e-3, Farthest(1));
    }

    [TestMethod]
    public void OptionsThatDoNotGoTogetherAreNamed()
    {
        void Refused(Action<DeformableDetectorTrainer.Options> set, string message)
        {
            var options = Scenes.Options();
            set(options);
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(options)).Message);
        }

        Refused(options => options.DeformableRoIPooling = true, "Option DeformableRoIPooling is True; it must be false where Architecture is Fcos");
        Refused(options => options.Proposals = 50, "Option Proposals is 50; it must be 100 where Architecture is Fcos");
        Refused(options => (options.Architecture, options.Proposals) = (DetectionArchitecture.Rfcn, 0), "Option Proposals is 0; it must be between 1 and 10000.");
        Refused(options => options.AnchorSizes = 2, "Option AnchorSizes is 2; it must be null where Architecture is Fcos");
        Refused(options => (options.Architecture, options.SmallestAnchor) = (DetectionArchitecture.Rfcn, 0), "Option SmallestAnchor is 0; it must be between 1 and 8192.");
        Refused(options => options.OffsetLearningRateFactor = -1, "Option OffsetLearningRateFactor is -1; it must be a finite number of at least 0.");
        Refused(options => (options.Architecture, options.FeaturePyramid) = (DetectionArchitecture.FasterRcnn, true), "Option FeaturePyramid is True; it must be null or false where Architecture is FasterRcnn");
        Refused(options => options.Architecture = (DetectionArchitecture)7, "Option Architecture is 7; it must be one of Fcos, FasterRcnn, Rfcn.");
        Refused(options => (options.Backbone, options.ImageHeight, options.ImageWidth) = ((BackboneKind)9, 64, 64), "Option Backbone is 9; it must be one of Compact, ResNet18");
        Refused(options => options.BackboneWeights = "x", "Option BackboneWeights is x; it must be null where Backbone is Compact");
        Refused(options => options.FrozenBatchNorm = true, "Option FrozenBatchNorm is True; it must be null or false where Backbone is Compact");
        Refused(options => options.Backbone = BackboneKind.ResNet18, "Option ImageHeight is 32; it must be between 64 and 8192 pixels where Backbone is ResNet18.");
        Refused(options => (options.Backbone, options.DeformableLayers, options.ImageHeight, options.ImageWidth) = (BackboneKind.ResNet50, 17, 64, 64), "Option DeformableLayers is 17; it must be between 0 and 16.");
        Refused(options => (options.Backbone, options.DeformGroups, options.ImageHeight, options.ImageWidth) = (BackboneKind.ResNet50, 3, 64, 64), "Option DeformGroups is 3; it must be a divisor of the channels of a ResNet's first stage, 64.");
    }

    private static DeformableDetectorTrainer.Options Options(DetectionArchitecture architecture, int deformableLayers, bool deformableRoIPooling)
    {
        var options = Scenes.Options(deformableLayers: deformableLayers);
        (options.Architecture, options.DeformableRoIPooling) = (architecture, deformableRoIPooling);
        if (architecture != DetectionArchitecture.Fcos)
            options.Proposals = 16;
        return options;
    }

    private IDataView Pictures() => Scenes.Keyed(_ml, Scenes.Pictures(6, seed: 3));

    private DeformableDetectorTrainer Trainer(DeformableDetectorTrainer.Options options) => _ml.MulticlassClassification.Trainers.DeformableDetector(options);

    private static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];
}
