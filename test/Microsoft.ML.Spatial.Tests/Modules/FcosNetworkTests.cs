using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class FcosNetworkTests
{
    private const int Classes = 2;
    private static readonly DetectionNetworkSpec Spec = new() { Channels = 1, Classes = Classes, Width = 8, DeformableLayers = 0 };

    [TestMethod]
    [DataRow(24, 32, 0.1)]
    [DataRow(21, 25, 0.1)]
    [DataRow(5, 3, 0.1)]
    [DataRow(24, 32, 0.5)]
    public void FindsWhatItsHeadSaysOfEveryLocation(int height, int width, double threshold)
    {
        // To the left 2 pixels, up 5, to the right 9, down 1: softplus is log(1 + exp), and its unit is a stride.
        double[] distances = [2, 5, 9, 1], logits = [-0.5, 1.5];
        const double centerness = 0.7;
        using var scope = torch.NewDisposeScope();
        using var network = Spec.Build();
        network.SayAlways("head", [.. logits, .. distances.Select(distance => Math.Log(Math.Exp(distance / 8) - 1)), centerness]);

        var found = network.Detect(Images(2, height, width), new DetectionDecoder(threshold, 1, 1000));

        var (boxes, scores, classes) = (new List<double>(), new List<double>(), new List<int>());
        foreach (var label in new[] { 1, 0 })
        {
            var score = Math.Sqrt(NaiveDetection.Sigmoid(logits[label]) * NaiveDetection.Sigmoid(centerness));
            for (var y = 4; y < height + 4 && score > threshold; y += 8)
            {
                for (var x = 4; x < width + 4; x += 8)
                {
                    var box = NaiveDetection.Clip([x - distances[0], y - distances[1], x + distances[2], y + distances[3]], height, width);

                    // The last positions may stand so far outside that nothing of their box is left.
                    if (box[2] <= box[0] || box[3] <= box[1])
                        continue;
                    boxes.AddRange(box);
                    scores.Add(score);
                    classes.Add(label);
                }
            }
        }

        Assert.HasCount(2, found);
        foreach (var own in found)
        {
            CollectionAssert.AreEqual(classes, own.Classes);
            for (var i = 0; i < scores.Count; i++)
                Assert.AreEqual(scores[i], own.Scores[i], 1e-6);
            for (var i = 0; i < boxes.Count; i++)
                Assert.AreEqual(boxes[i], own.Boxes[i], 1e-4, $"number {i % 4} of box {i / 4}");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void LearnsByWhatItsHeadSaysOfEveryLocation(int images)
    {
        const int height = 37, width = 51;
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Spec.Build();
        network.Draw(1);
        network.eval();
        var pixels = Images(images, height, width);
        ImageObjects[] objects = [.. Enumerable.Range(0, images).Select(i => NaiveDetection.Objects(i, 3 * (i % 2 == 0 ? 1 : 0), height, width, Classes))];

        var losses = network.Losses(pixels, objects);

        var map = network.Part<Backbone>("backbone").call(pixels).Single();
        var raw = network.Part<Conv2d>("head").call(network.Part<ConvolutionLayer>("tower").call(map));
        CollectionAssert.AreEqual(new long[] { images, Classes + 5, 5, 7 }, raw.shape);
        var values = Values(raw);
        var each = (int)(raw.shape[2] * raw.shape[3]);
        double Said(int location, int channel) => values[(((location / each * (Classes + 5)) + channel) * each) + (location % each)];
        var all = Enumerable.Range(0, images * each).ToArray();
        var output = new FcosOutput(
            Singles([.. all.SelectMany(i => Enumerable.Range(0, Classes).Select(c => Said(i, c)))], images, each, Classes),
            Singles([.. all.SelectMany(i => Enumerable.Range(Classes, 4).Select(c => 8 * Math.Log(1 + Math.Exp(Said(i, c)))))], images, each, 4),
            Singles([.. all.Select(i => Said(i, Classes + 4))], images, each));
        var locations = FcosLocation.All([new(8, 8)], height, width);
        var expected = FcosLoss.Of(output, new FcosTargets(objects, Classes, locations), locations);
        foreach (var (loss, own) in losses.Zip(expected))
        {
            Assert.AreEqual(own.Name, loss.Name);
            AreClose(Values(own.Value), loss.Value, 1e-5);
        }
    }

    [TestMethod]
    public void StartsWithRareObjectsOfTwoStrides()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Spec.Build();
        AreClose([Math.Log(0.01 / 0.99), Math.Log(0.01 / 0.99), 2, 2, 2, 2, 0], network.get_parameter("head.bias")!, 1e-6);
        Assert.AreEqual(0.01, Math.Sqrt(Values(network.get_parameter("head.weight")!).Average(value => value * value)), 0.002);
    }

    private static Tensor Images(int count, int height, int width) => Singles(Uniform(9, count * height * width, 0, 1), count, 1, height, width);
}
