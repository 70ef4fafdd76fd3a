using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class RegionProposerTests
{
    private const int Stride = 8;
    private const int Channels = 4;
    private const int Proposals = 12;

    private static readonly double[] Sides = [16, 32];

    [TestMethod]
    [DataRow(40, 56)]
    [DataRow(37, 50)]
    [DataRow(5, 7)]
    public void ProposesTheSurestRegionsApart(int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var proposer = Proposer();
        var anchors = NaiveDetection.Anchors(Stride, Sides, height, width);
        var (scores, moves) = (Uniform(1, 2 * anchors.Length, -4, 4), Uniform(2, 8 * anchors.Length, -0.4, 0.4));

        var regions = proposer.Propose(Singles(scores, 2, anchors.Length), Singles(moves, 2, anchors.Length, 4), height, width);

        Assert.HasCount(2, regions);
        for (var image = 0; image < 2; image++)
        {
            var own = NaiveDetection.Proposals(scores[(image * anchors.Length)..][..anchors.Length], [.. moves.Chunk(4).Skip(image * anchors.Length).Take(anchors.Length)], anchors, height, width, Proposals, 6 * Proposals);
            AreBoxes(own, regions[image]);
        }
    }

    [TestMethod]
    [DataRow(3, 0)]
    [DataRow(0, 2)]
    [DataRow(0, 0)]
    [DataRow(5, 9)]
    public void LearnsFromAnchorsAtOverlapsOf7And3Tenths(int objectsOfFirst, int objectsOfSecond)
    {
        const int height = 43, width = 61;
        using var scope = torch.NewDisposeScope();
        using var proposer = Proposer();
        var anchors = NaiveDetection.Anchors(Stride, Sides, height, width);
        var (scores, moves) = (Uniform(3, 2 * anchors.Length, -4, 4), Uniform(4, 8 * anchors.Length, -1, 1));
        ImageObjects[] objects = [NaiveDetection.Objects(5, objectsOfFirst, height, width, 1), NaiveDetection.Objects(6, objectsOfSecond, height, width, 1)];

        var (objectness, box) = proposer.Losses(Singles(scores, 2, anchors.Length), Singles(moves, 2, anchors.Length, 4), objects, height, width);

        var (focal, smooth, positives) = (0.0, 0.0, 0);
        for (var i = 0; i < 2 * anchors.Length; i++)
        {
            var (image, anchor) = (i / anchors.Length, anchors[i % anchors.Length]);
            var own = NaiveDetection.Boxes(objects[image].Boxes);
            var (nearest, overlap) = NaiveDetection.Nearest(anchor, own);
            var isOn = overlap >= 0.7 || own.Any(other =>
                NaiveDetection.IoU(anchor, other) > 0 && anchors.All(any => NaiveDetection.IoU(any, other) <= NaiveDetection.IoU(anchor, other) * (1 + 1e-6)));
            if (isOn || overlap < 0.3)
                focal += NaiveDetection.Focal(scores[i], isOn);
            if (!isOn)
                continue;
            positives++;
            var targets = NaiveDetection.Encode(own[nearest], anchor, NaiveDetection.AnchorWeights);
            smooth += Enumerable.Range(0, 4).Sum(j => NaiveDetection.SmoothL1(moves[(4 * i) + j] - targets[j], 1.0 / 9));
        }

        Assert.AreEqual(objectsOfFirst + objectsOfSecond > 0, positives > 0);
        AreClose([focal / Math.Max(1, positives)], objectness, 1e-5);
        AreClose([smooth / Math.Max(1, positives)], box, 1e-5);
    }

    [TestMethod]
    public void TheHeadsChannelsAreTheAnchorsScoresAndThenTheirDeltas()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var proposer = Proposer();
        nn.init.constant_(proposer.get_parameter("head.weight")!, 0);
        proposer.get_parameter("head.bias")!.copy_(Singles([.. Enumerable.Range(0, 30).Select(i => (double)i)], 30));

        var (logits, deltas) = proposer.Run(Singles(Uniform(1, 2 * Channels * 6), 2, Channels, 2, 3));

        AreClose([.. Enumerable.Range(0, 2 * 6 * 6).Select(i => i % 6.0)], logits, 0);
        AreClose([.. Enumerable.Range(0, 2 * 6 * 24).Select(i => 6 + (i % 24.0))], deltas, 0);
        CollectionAssert.AreEqual(new long[] { 2, 36 }, logits.shape);
        CollectionAssert.AreEqual(new long[] { 2, 36, 4 }, deltas.shape);
    }

    [TestMethod]
    public void PositionsGoRowByRow()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var proposer = Proposer();
        var map = Singles(Uniform(7, 2 * Channels * 6), 2, Channels, 2, 3);
        proposer.eval();

        var (logits, deltas) = proposer.Run(map);

        // The normalisation has seen nothing yet.
        var features = nn.functional.conv2d(map, proposer.get_parameter("tower.convolution.weight")!, padding: [1, 1]).div(Math.Sqrt(1 + 1e-5)).relu();
        var whole = nn.functional.conv2d(features, proposer.get_parameter("head.weight")!, proposer.get_parameter("head.bias")!);
        for (var position = 0; position < 6; position++)
        {
            var raw = whole.select(2, position / 3).select(2, position % 3);
            AreClose(Values(raw.narrow(1, 0, 6)), logits.narrow(1, 6 * position, 6), 1e-5);
            AreClose(Values(raw.narrow(1, 6, 24)), deltas.narrow(1, 6 * position, 6).flatten(1), 1e-5);
        }
    }

    [TestMethod]
    public void OfEqualScoresTheEarlierAnchorsAreProposed()
    {
        using var scope = torch.NewDisposeScope();
        using var proposer = new RegionProposer(Channels, new AnchorBoxes(Stride, [4]), 3);

        var regions = proposer.Propose(Singles(new double[3 * 60], 1, 180), Singles(new double[4 * 3 * 60], 1, 180, 4), 48, 80)[0];

        // The three shapes of the first position overlap each other by half.
        AreBoxes(NaiveDetection.Anchors(Stride, [4], 48, 80)[..3], regions);
    }

    [TestMethod]
    public void ProposesNothingThatIsNoRegion()
    {
        using var scope = torch.NewDisposeScope();
        using var proposer = Proposer();
        var count = NaiveDetection.Anchors(Stride, Sides, 16, 24).Length;
        Tensor Same(double value, params long[] shape) => Singles([.. Enumerable.Repeat(value, (int)shape.Aggregate((product, side) => product * side))], shape);

        // Far outside, of no width, not numbers, of scores that are none.
        foreach (var (score, delta) in new[] { (1.0, 1e6), (1, double.PositiveInfinity), (1, -100), (1, double.NaN), (double.NaN, 0), (double.NaN, double.NaN) })
        {
            var regions = proposer.Propose(Same(score, 2, count), Same(delta, 2, count, 4), 16, 24);
            Assert.IsTrue(regions is [[], []], $"{score} {delta}");
        }

        Assert.IsNotEmpty(proposer.Propose(Same(double.NegativeInfinity, 1, count), Same(0, 1, count, 4), 16, 24)[0]);
    }

    private static void AreBoxes(double[][] expected, float[] actual)
    {
        var numbers = expected.SelectMany(box => box).ToArray();
        Assert.HasCount(numbers.Length, actual);
        for (var i = 0; i < numbers.Length; i++)
            Assert.AreEqual(numbers[i], actual[i], 1e-4, $"number {i % 4} of region {i / 4}");
    }

    private static RegionProposer Proposer() => new(Channels, new AnchorBoxes(Stride, [.. Sides.Select(side => (float)side)]), Proposals);
}
