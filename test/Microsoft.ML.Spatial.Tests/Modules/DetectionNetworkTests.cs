using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>What holds for every architecture.</summary>
[TestClass]
public class DetectionNetworkTests
{
    private const int Classes = 2;
    private const int Height = 43;
    private const int Width = 58;

    private static readonly DetectionDecoder Everything = new(0, 0.6, 50);

    [TestMethod]
    [DynamicData(nameof(Specs))]
    public void EveryParameterLearns(DetectionNetworkSpec spec)
    {
        using var scope = torch.NewDisposeScope();
        using var network = spec.Build();
        var (images, objects) = Scenes(3);

        network.Losses(images, objects).Select(loss => loss.Value).Aggregate((sum, loss) => sum.add(loss)).backward();

        foreach (var (name, parameter) in network.named_parameters())
        {
            Assert.IsNotNull(parameter.grad, name);
            var values = Values(parameter.grad);
            Assert.IsTrue(Array.TrueForAll(values, double.IsFinite), name);

            // Offset branches too: they are zero, what they move is not.
            Assert.IsTrue(Array.Exists(values, value => value != 0), name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Specs))]
    public void OneImageAloneAndImagesWithoutObjectsAreLearntFrom(DetectionNetworkSpec spec)
    {
        using var scope = torch.NewDisposeScope();
        using var network = spec.Build();
        var (images, objects) = Scenes(1);
        var nothing = new ImageObjects([], []);

        foreach (var own in new[] { objects[0], nothing })
        {
            var losses = network.Losses(images, [own]);
            Assert.IsTrue(losses.All(loss => float.IsFinite(loss.Value.item<float>())));
            Assert.IsTrue(losses.All(loss => loss.Value.shape.Length == 0));
            losses.Select(loss => loss.Value).Aggregate((sum, loss) => sum.add(loss)).backward();
            Assert.IsTrue(network.parameters().All(parameter => parameter.grad is null || Array.TrueForAll(Values(parameter.grad), double.IsFinite)));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Specs))]
    public void ImagesSmallerThanAStrideAreLookedAt(DetectionNetworkSpec spec)
    {
        using var scope = torch.NewDisposeScope();
        using var network = spec.Build();
        var images = Singles(Uniform(1, 2 * 5 * 3, 0, 1), 2, 1, 5, 3);

        var losses = network.Losses(images, [new([0, 0, 3, 4.5f], [1]), new([], [])]);
        Assert.IsTrue(losses.All(loss => float.IsFinite(loss.Value.item<float>())));
        network.eval();
        foreach (var found in network.Detect(images, Everything))
        {
            for (var i = 0; i < found.Scores.Length; i++)
            {
                var box = found.Boxes[(4 * i)..][..4];
                Assert.IsTrue(box is [>= 0, >= 0, <= 3, <= 5] && box[2] > box[0] && box[3] > box[1], string.Join(' ', box));
            }
        }
    }

    /// <summary>A network that starts its offset branches says what the plain one of the same weights says.</summary>
    [TestMethod]
    [DataRow(DetectionArchitecture.Fcos, true, false)]
    [DataRow(DetectionArchitecture.Fcos, false, false)]
    [DataRow(DetectionArchitecture.FasterRcnn, true, true)]
    [DataRow(DetectionArchitecture.FasterRcnn, false, true)]
    [DataRow(DetectionArchitecture.Rfcn, true, false)]
    public void DeformableStartsAsThePlainOne(DetectionArchitecture architecture, bool isModulated, bool deformableRoIPooling)
    {
        using var scope = torch.NewDisposeScope();
        var spec = Spec(architecture) with { DeformableLayers = 0 };
        using var plain = spec.Build();
        using var deformable = (spec with { DeformableLayers = 4, IsModulated = isModulated, DeformGroups = 2, DeformableRoIPooling = deformableRoIPooling }).Build();
        plain.Draw(1);
        deformable.StartAs(plain);
        plain.eval();
        deformable.eval();
        var (images, objects) = Scenes(2);

        foreach (var (own, other) in plain.Losses(images, objects).Zip(deformable.Losses(images, objects)))
            AreClose(Values(own.Value), other.Value, 1e-4);
        var (expected, found) = (plain.Detect(images, Everything), deformable.Detect(images, Everything));
        for (var image = 0; image < 2; image++)
        {
            Assert.IsNotEmpty(expected[image].Scores);
            CollectionAssert.AreEqual(expected[image].Classes, found[image].Classes);
            AreClose([.. expected[image].Scores.Select(score => (double)score)], Singles([.. found[image].Scores.Select(score => (double)score)], found[image].Scores.Length), 1e-4);
            AreClose([.. expected[image].Boxes.Select(number => (double)number)], Singles([.. found[image].Boxes.Select(number => (double)number)], found[image].Boxes.Length), 1e-3);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Specs))]
    public void MeasureIsLossesAndDetectAndEachRepeats(DetectionNetworkSpec spec)
    {
        using var scope = torch.NewDisposeScope();
        using var network = spec.Build();
        network.Draw(2);
        network.eval();
        var (images, objects) = Scenes(2);

        var (loss, found) = network.Measure(images, objects, Everything);

        Assert.AreEqual(network.Losses(images, objects).Sum(own => own.Value.item<float>()), loss);
        foreach (var (own, other) in found.Zip(network.Detect(images, Everything)))
        {
            CollectionAssert.AreEqual(own.Boxes, other.Boxes);
            CollectionAssert.AreEqual(own.Scores, other.Scores);
            CollectionAssert.AreEqual(own.Classes, other.Classes);
        }

        // An image is found the same things in alone.
        var alone = network.Detect(images.narrow(0, 1, 1), Everything).Single();
        CollectionAssert.AreEqual(found[1].Classes, alone.Classes);
        AreClose([.. found[1].Boxes.Select(number => (double)number)], Singles([.. alone.Boxes.Select(number => (double)number)], alone.Boxes.Length), 1e-3);
    }

    [TestMethod]
    [DynamicData(nameof(Specs))]
    public void WeightsThatAreNoNumbersFindNothing(DetectionNetworkSpec spec)
    {
        using var scope = torch.NewDisposeScope();
        var (images, objects) = Scenes(2);
        using var names = spec.Build();

        // Each of them alone, and all.
        foreach (var name in names.named_parameters().Select(entry => entry.name).Where(name => name.EndsWith("bias", StringComparison.Ordinal)).Append(""))
        {
            using var network = spec.Build();
            network.Draw(3);
            using (no_grad())
            {
                foreach (var (own, parameter) in network.named_parameters())
                {
                    if (own.StartsWith(name, StringComparison.Ordinal))
                        nn.init.constant_(parameter, double.NaN);
                }
            }

            network.eval();
            var losses = network.Losses(images, objects);
            foreach (var found in network.Detect(images, Everything))
                Assert.IsTrue(Array.TrueForAll([.. found.Boxes, .. found.Scores], float.IsFinite), name);
            if (name.Length > 0)
                continue;
            Assert.IsTrue(float.IsNaN(losses.Sum(loss => loss.Value.item<float>())));
            Assert.IsTrue(network.Detect(images, Everything).All(found => found.Scores.Length == 0));
        }
    }

    /// <summary>Where only what is said of boxes is no number, scores are, and there is still nothing to find.</summary>
    [TestMethod]
    [DataRow(DetectionArchitecture.Fcos, "head.bias", 2, 4)]
    [DataRow(DetectionArchitecture.FasterRcnn, "head.deltas.bias", 0, 4)]
    [DataRow(DetectionArchitecture.FasterRcnn, "proposer.head.bias", 0, 9)]
    [DataRow(DetectionArchitecture.Rfcn, "head.head.bias", 27, 36)]
    [DataRow(DetectionArchitecture.Rfcn, "proposer.head.bias", 9, 36)]
    public void BoxesThatAreNoNumbersAreNotFound(DetectionArchitecture architecture, string bias, int first, int count)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Spec(architecture).Build();
        using (no_grad())
            nn.init.constant_(network.get_parameter(bias)!.narrow(0, first, count), double.NaN);
        network.eval();
        var (images, objects) = Scenes(2);

        Assert.IsTrue(network.Detect(images, Everything).All(found => found.Scores.Length == 0));
        Assert.IsTrue(float.IsNaN(network.Losses(images, objects).Sum(loss => loss.Value.item<float>())));
    }

    [TestMethod]
    [DynamicData(nameof(Specs))]
    [DoNotParallelize]
    public void LeavesNoTensor(DetectionNetworkSpec spec)
    {
        var before = LiveTensors();
        var (images, objects) = Scenes(2);
        using (images)
        {
            DetectionNetwork network;
            using (torch.NewDisposeScope())
                network = spec.Build();
            var live = LiveTensors();
            foreach (var loss in network.Losses(images, objects))
                loss.Value.Dispose();
            Assert.AreEqual(live, LiveTensors(), "Losses");
            network.Detect(images, Everything);
            Assert.AreEqual(live, LiveTensors(), "Detect");
            network.Measure(images, objects, Everything);
            Assert.AreEqual(live, LiveTensors(), "Measure");
            using (var image = images.narrow(0, 0, 1))
                network.SamplingPoints(image, [(3, 5)]);
            Assert.AreEqual(live, LiveTensors(), "SamplingPoints");

            // Objects of fewer images than there are.
            Assert.ThrowsExactly<ArgumentException>(() => network.Losses(images, [objects[0]]));
            Assert.AreEqual(live, LiveTensors(), "after an error");
            network.Dispose();
        }

        Assert.AreEqual(before, LiveTensors());
    }

    [TestMethod]
    [DynamicData(nameof(Specs))]
    public void SamplingPointsAreThoseOfThePlainConvolutionsToBeginWith(DetectionNetworkSpec spec)
    {
        using var scope = torch.NewDisposeScope();
        using var network = spec.Build();
        var image = Scenes(1).Images;

        // In the image (the pixel whose centre is at 23 goes up to 23.5), at its upper left corner and beyond its far one: those of the positions (2, 4), (0, 0) and (5, 7).
        var points = network.SamplingPoints(image, [(23.4, 31.6), (-4, 0), (100, 100)]);

        Assert.HasCount(3, points);
        foreach (var (own, (row, column)) in points.Zip([(2, 4), (0, 0), (5, 7)]))
            AreSame(Grid(row, column, spec.DeformableLayers), own, 0);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(5)]
    public void SamplingPointsMoveByTheOffsetsTimesTheStrides(int layers)
    {
        using var scope = torch.NewDisposeScope();
        using var network = (Spec(DetectionArchitecture.Fcos) with { DeformableLayers = layers }).Build();

        // What one offset (y, x) in pixels of a layer's input is in pixels of the image: the strides of all before.
        int[] strides = [1, 2, 4, 4, 8, 8];
        var (moveY, moveX) = (0.0, 0.0);
        for (var layer = 6 - layers; layer < 6; layer++)
        {
            var (y, x) = (0.25 + layer, -0.5 * layer);
            network.SayAlways($"backbone.{layer}.convolution.offset", [.. Enumerable.Range(0, 18).Select(i => i % 2 == 0 ? y : x)]);
            (moveY, moveX) = (moveY + (y * strides[layer]), moveX + (x * strides[layer]));
        }

        var points = network.SamplingPoints(Scenes(1).Images, [(30, 17)]).Single();

        AreSame([.. Grid(3, 2, layers).Select(point => (point.Y + moveY, point.X + moveX))], points, 1e-4);
    }

    [TestMethod]
    public void SamplingPointsGoByEveryPlaceOfTheKernel()
    {
        using var scope = torch.NewDisposeScope();
        using var network = (Spec(DetectionArchitecture.Fcos) with { DeformableLayers = 1 }).Build();
        double[] offsets = Uniform(3, 18, -2, 2);
        network.SayAlways("backbone.5.convolution.offset", offsets);

        var points = network.SamplingPoints(Scenes(1).Images, [(30, 17)]).Single();

        for (var tap = 0; tap < 9; tap++)
        {
            Assert.AreEqual(8 * (3 + (tap / 3) - 1 + offsets[2 * tap]), points[tap].Y, 1e-4);
            Assert.AreEqual(8 * (2 + (tap % 3) - 1 + offsets[(2 * tap) + 1]), points[tap].X, 1e-4);
        }
    }

    [TestMethod]
    public void APlainNetworkHasNoSamplingPoints()
    {
        using var scope = torch.NewDisposeScope();
        using var network = (Spec(DetectionArchitecture.Rfcn) with { DeformableLayers = 0 }).Build();
        Assert.IsTrue(network.SamplingPoints(Scenes(1).Images, [(1, 1), (2, 2)]) is [[], []]);
    }

    private static IEnumerable<object[]> Specs =>
    [
        [Spec(DetectionArchitecture.Fcos)], [Spec(DetectionArchitecture.Fcos) with { IsModulated = false, DeformGroups = 2, DeformableLayers = 3 }],
        [Spec(DetectionArchitecture.Fcos) with { FeaturePyramid = true }], [Spec(DetectionArchitecture.FasterRcnn)], [Spec(DetectionArchitecture.FasterRcnn) with { DeformableRoIPooling = true }],
        [Spec(DetectionArchitecture.Rfcn) with { DeformableLayers = 1 }], [Spec(DetectionArchitecture.Rfcn) with { DeformableRoIPooling = true, DeformGroups = 1 }],
    ];

    private static DetectionNetworkSpec Spec(DetectionArchitecture architecture) =>
        new() { Channels = 1, Classes = Classes, Width = 8, DeformableLayers = 2, Architecture = architecture, Proposals = 10 };

    private static (Tensor Images, ImageObjects[] Objects) Scenes(int count) =>
        (Singles(Uniform(9, count * Height * Width, 0, 1), count, 1, Height, Width),
            [.. Enumerable.Range(0, count).Select(i => i == 1 ? new ImageObjects([], []) : NaiveDetection.Objects(i, 4, Height, Width, Classes, 8, 36))]);

    /// <summary>The pixels that stacked 3x3 convolutions go back to; the first may have a stride of 2, as the third before the last of the backbone, and so on.</summary>
    private static (double Y, double X)[] Grid(int row, int column, int layers)
    {
        int[] inputStrides = [1, 2, 4, 4, 8, 8];
        (double Y, double X)[] points = [(8 * row, 8 * column)];
        for (var layer = 5; layer >= 6 - layers; layer--)
        {
            points = [.. points.SelectMany(point => Enumerable.Range(0, 9).Select(tap =>
                (point.Y + (((tap / 3) - 1) * inputStrides[layer]), point.X + (((tap % 3) - 1) * inputStrides[layer]))))];
        }

        return points;
    }

    private static void AreSame((double Y, double X)[] expected, (double Y, double X)[] actual, double tolerance)
    {
        Assert.IsGreaterThanOrEqualTo(expected.Length, actual.Length);
        var (sorted, own) = (expected.Distinct().Order().ToArray(), actual.Select(point => (Math.Round(point.Y, 3), Math.Round(point.X, 3))).Distinct().Order().ToArray());
        Assert.HasCount(sorted.Length, own);
        for (var i = 0; i < own.Length; i++)
        {
            Assert.AreEqual(sorted[i].Y, own[i].Item1, tolerance + 5e-4);
            Assert.AreEqual(sorted[i].X, own[i].Item2, tolerance + 5e-4);
        }
    }
}
