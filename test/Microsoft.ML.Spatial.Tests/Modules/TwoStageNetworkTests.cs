using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>Networks whose heads say the same of every place, so that what comes out follows from the definitions.</summary>
[TestClass]
public class TwoStageNetworkTests
{
    private const int Classes = 2;
    private const int Proposals = 12;
    private const int Height = 43;
    private const int Width = 58;

    // Of three sides and three ratios. What is said of a region: the classes, that there is none, and the deltas.
    private static readonly double[] AnchorScores = Uniform(1, 9, -2, 2);
    private static readonly double[] AnchorDeltas = Uniform(2, 36, -0.2, 0.2);
    private static readonly double[] Said = [0.3, 1.1, -0.4, 0.5, -0.7, 0.4, -0.6];

    [TestMethod]
    [DataRow(DetectionArchitecture.FasterRcnn, false, 4, 2)]
    [DataRow(DetectionArchitecture.FasterRcnn, true, 0, 3)]
    [DataRow(DetectionArchitecture.Rfcn, false, 4, 0)]
    [DataRow(DetectionArchitecture.Rfcn, true, 2, 3)]
    [DataRow(DetectionArchitecture.Rfcn, false, 0, 0)]
    public void LearnsByTheDefinition(DetectionArchitecture architecture, bool isDeformable, int objectsOfFirst, int objectsOfSecond)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(architecture, isDeformable);
        ImageObjects[] objects = [Objects(3, objectsOfFirst), Objects(4, objectsOfSecond)];

        var losses = network.Losses(Images(2, Height, Width), objects);

        var (entropy, smooth, count, positives) = (0.0, 0.0, 0, 0);
        foreach (var own in objects)
        {
            var boxes = NaiveDetection.Boxes(own.Boxes);
            foreach (var region in Regions().Concat(boxes))
            {
                count++;
                var (nearest, overlap) = NaiveDetection.Nearest(region, boxes);
                var label = overlap >= 0.5 ? own.Classes[nearest] : Classes;
                entropy -= Math.Log(NaiveDetection.Softmax(Said[..(Classes + 1)])[label]);
                if (label == Classes)
                    continue;
                positives++;
                var targets = NaiveDetection.Encode(boxes[nearest], region, NaiveDetection.RegionWeights);
                smooth += Enumerable.Range(0, 4).Sum(i => NaiveDetection.SmoothL1(Said[Classes + 1 + i] - targets[i], 1));
            }
        }

        // The objects themselves are learnt from, and some proposal.
        Assert.IsTrue(objectsOfFirst + objectsOfSecond == 0 ? positives == 0 : positives > objectsOfFirst + objectsOfSecond);
        CollectionAssert.AreEqual(new[] { "Objectness", "ProposalBox", "Classification", "Box" }, losses.Select(loss => loss.Name).ToArray());
        AreClose([entropy / count], losses[2].Value, 1e-5);
        AreClose([smooth / count], losses[3].Value, 1e-5);

        // The first stage's are those of a proposer of its own that says the same.
        using var proposer = new RegionProposer(8, new AnchorBoxes(8, [16, 32, 64]), Proposals);
        var positions = 6 * 8;
        var (objectness, box) = proposer.Losses(
            Singles([.. Repeated(AnchorScores, 2 * positions)], 2, 9 * positions), Singles([.. Repeated(AnchorDeltas, 2 * positions)], 2, 9 * positions, 4), objects, Height, Width);
        AreClose(Values(objectness), losses[0].Value, 1e-5);
        AreClose(Values(box), losses[1].Value, 1e-5);
    }

    [TestMethod]
    [DataRow(DetectionArchitecture.FasterRcnn, false, 0.0, 0.5, 100)]
    [DataRow(DetectionArchitecture.FasterRcnn, true, 0.0, 0.3, 4)]
    [DataRow(DetectionArchitecture.FasterRcnn, true, 0.3, 0.5, 100)]
    [DataRow(DetectionArchitecture.Rfcn, false, 0.25, 1.0, 100)]
    [DataRow(DetectionArchitecture.Rfcn, true, 0.0, 1.0, 100)]
    public void FindsWhatItsHeadSaysOfEveryRegion(DetectionArchitecture architecture, bool isDeformable, double scoreThreshold, double iouThreshold, int most)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(architecture, isDeformable);

        var found = network.Detect(Images(2, Height, Width), new DetectionDecoder(scoreThreshold, iouThreshold, most));

        var probabilities = NaiveDetection.Softmax(Said[..(Classes + 1)]);
        var (boxes, scores, classes) = (new List<double[]>(), new List<double>(), new List<int>());
        foreach (var region in Regions())
        {
            for (var label = 0; label < Classes; label++)
            {
                if (probabilities[label] <= scoreThreshold)
                    continue;
                boxes.Add(NaiveDetection.Clip(NaiveDetection.Decode(Said[(Classes + 1)..], region, NaiveDetection.RegionWeights), Height, Width));
                scores.Add(probabilities[label]);
                classes.Add(label);
            }
        }

        int[] kept = [.. NaiveDetection.Suppress([.. boxes], [.. scores], iouThreshold, [.. classes]).Take(most)];
        Assert.HasCount(2, found);
        foreach (var own in found)
        {
            CollectionAssert.AreEqual(Array.ConvertAll(kept, i => classes[i]), own.Classes);

            // The votes of R-FCN's parts are sums of products, equal but for rounding: regions of one class may come in any order.
            var left = kept.ToList();
            foreach (var i in Enumerable.Range(0, kept.Length))
            {
                bool IsSame(int candidate) => classes[candidate] == own.Classes[i] && Enumerable.Range(0, 4).All(j => Math.Abs(boxes[candidate][j] - own.Boxes[(4 * i) + j]) < 1e-3);
                var at = architecture == DetectionArchitecture.Rfcn ? left.FindIndex(IsSame) : IsSame(left[0]) ? 0 : -1;
                Assert.IsGreaterThanOrEqualTo(0, at, $"box {i}: {string.Join(' ', own.Boxes[(4 * i)..][..4])}");
                Assert.AreEqual(scores[left[at]], own.Scores[i], 1e-6);
                left.RemoveAt(at);
            }
        }
    }

    [TestMethod]
    [DataRow(DetectionArchitecture.FasterRcnn, false)]
    [DataRow(DetectionArchitecture.FasterRcnn, true)]
    [DataRow(DetectionArchitecture.Rfcn, false)]
    [DataRow(DetectionArchitecture.Rfcn, true)]
    public void WithoutAProposalFindsNothingAndLearnsFromTheObjects(DetectionArchitecture architecture, bool isDeformable)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network(architecture, isDeformable);

        // All anchors are moved out of the image.
        network.SayAlways("proposer.head", [.. AnchorScores, .. Repeated([1000, 0, 0, 0], 9)]);
        var (images, none, some) = (Images(2, Height, Width), new ImageObjects([], []), new ImageObjects([3, 5, 20, 31], [1]));

        Assert.IsTrue(network.Detect(images, new DetectionDecoder(0, 0.5, 10)) is [{ Scores: [] }, { Scores: [] }]);
        var nothing = network.Losses(images, [none, none]);
        AreClose([0, 0, 0], torch.stack([.. nothing.Skip(1).Select(loss => loss.Value)]), 0);
        Assert.IsGreaterThan(0, nothing[0].Value.item<float>());
        nothing.Select(loss => loss.Value).Aggregate((sum, loss) => sum.add(loss)).backward();

        // The object is the only region, and lies where it lies: its deltas are zeros.
        var losses = network.Losses(images, [none, some]);
        AreClose([-Math.Log(NaiveDetection.Softmax(Said[..(Classes + 1)])[1])], losses[2].Value, 1e-5);
        AreClose([Said[(Classes + 1)..].Sum(delta => NaiveDetection.SmoothL1(delta, 1))], losses[3].Value, 1e-5);
    }

    /// <summary>Objects anywhere, the last of them nearly where something is proposed.</summary>
    private static ImageObjects Objects(int seed, int count)
    {
        var objects = NaiveDetection.Objects(seed, count, Height, Width, Classes, 10, 40);
        var near = Regions()[seed];
        for (var i = 0; count > 0 && i < 4; i++)
            objects.Boxes[(4 * (count - 1)) + i] = (float)near[i] + (i < 2 ? 1.5f : -1);
        return objects;
    }

    private static double[][] Regions()
    {
        var anchors = NaiveDetection.Anchors(8, [16, 32, 64], Height, Width);
        return NaiveDetection.Proposals(
            [.. anchors.Select((_, i) => AnchorScores[i % 9])], [.. anchors.Select((_, i) => AnchorDeltas[(4 * (i % 9))..][..4])], anchors, Height, Width, Proposals, 6 * Proposals);
    }

    private static DetectionNetwork Network(DetectionArchitecture architecture, bool isDeformable)
    {
        var spec = new DetectionNetworkSpec
        {
            Channels = 1, Classes = Classes, Width = 8, DeformableLayers = 0, Architecture = architecture, DeformableRoIPooling = isDeformable, Proposals = Proposals,
        };
        var network = spec.Build();
        network.SayAlways("proposer.head", [.. AnchorScores, .. AnchorDeltas]);
        if (architecture == DetectionArchitecture.Rfcn)
        {
            // Nine parts vote, each in its own way; what counts is their mean.
            network.SayAlways("head.head", [.. Said.SelectMany(said => Enumerable.Range(0, 9).Select(part => said + part - 4))]);
        }
        else
        {
            network.SayAlways("head.scores", Said[..(Classes + 1)]);
            network.SayAlways("head.deltas", Said[(Classes + 1)..]);
        }

        return network;
    }

    private static IEnumerable<double> Repeated(double[] values, int times) => Enumerable.Repeat(values, times).SelectMany(each => each);

    private static Tensor Images(int count, int height, int width) => Singles(Uniform(9, count * height * width, 0, 1), count, 1, height, width);
}
