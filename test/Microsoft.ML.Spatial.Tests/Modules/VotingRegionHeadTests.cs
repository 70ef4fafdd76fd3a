using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using TorchSharp.Modules;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class VotingRegionHeadTests
{
    private const int Channels = 8;
    private const int Classes = 2;
    private const int Outputs = Classes + 1 + 4;
    private const int Parts = 3;

    private static readonly double[] RoIs = [0, 3.2, 5.1, 30.3, 41.7, 1, 2.4, 10.6, 15.9, 17.3, 0, 20.7, 0.4, 55.2, 23.8];

    /// <summary>Dai et al. 2016, equations 1 and 2, with equal votes: part (i, j) of output c has the map c·9 + 3·i + j.</summary>
    [TestMethod]
    public void SaysWhatThePartsOfARegionSayInTheMean()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var head = Head(false);
        var features = Singles(Uniform(1, 2 * Channels * 6 * 8), 2, Channels, 6, 8);

        var said = head.call(features, Singles(RoIs, 3, 5));

        var maps = head.Part<Conv2d>("head").call(head.Part<ConvolutionLayer>("tower").call(features));
        var reference = new ReferenceRoI(maps.shape, RoIs);
        AreClose(Votes(reference.Pool(reference.Align(null, 3, 3, 1.0 / 8, 2, aligned: true, sensitive: true), Values(maps), 3 * Outputs * 9)), said, 1e-5);
        CollectionAssert.AreEqual(new long[] { 3, Outputs }, said.shape);
    }

    /// <summary>The deformable pooling is MXNet's: it goes by whole pixels and by the last one inside, and samples from the corner of a bin on, so that it does not start as the plain one.</summary>
    [TestMethod]
    public void DeformableStartsAsThePlainPoolingOfItsOwnKindUpToTheLastPixel()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        using var head = Head(true);
        nn.init.constant_(head.get_parameter("pool.offset.weight")!, 0);
        nn.init.constant_(head.get_parameter("pool.offset.bias")!, 0);
        var features = Singles(Uniform(1, 2 * Channels * 6 * 8), 2, Channels, 6, 8);

        var said = head.call(features, Singles(RoIs, 3, 5));

        var maps = head.Part<Conv2d>("head").call(head.Part<ConvolutionLayer>("tower").call(features));
        var reference = new ReferenceRoI(maps.shape, [.. RoIs.Select((number, i) => i % 5 > 2 ? number - 1 : number)]);
        AreClose(Votes(reference.Pool(reference.DeformPositionSensitive(null, Outputs, 3, 3, 1.0 / 8, 3, 2, 0.1, 1), Values(maps), 3 * Outputs * 9)), said, 1e-5);
    }

    /// <summary>Where a map grows evenly, a vote is its value in the middle of what is pooled.</summary>
    [TestMethod]
    public void BothPoolARegionOfWholePixelsInItsMiddle()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var isDeformable in new[] { false, true })
        {
            using var head = new VotingRegionHead(Channels, Classes, 1, Parts, isDeformable);

            // The tower hands on the first channel; every score map is that channel.
            var kernel = head.get_parameter("tower.convolution.weight")!;
            nn.init.constant_(kernel, 0);
            nn.init.constant_(kernel.narrow(0, 0, 1).narrow(1, 0, 1).narrow(2, 1, 1).narrow(3, 1, 1), Math.Sqrt(1 + 1e-5));
            head.SayAlways("head", new double[Outputs * 9]);
            nn.init.constant_(head.get_parameter("head.weight")!.narrow(1, 0, 1), 1);
            head.eval();
            double[] slope = [.. Enumerable.Range(0, Channels * 20 * 20).Select(i => i % 20 + 0.5)];

            var said = head.call(Singles(slope, 1, Channels, 20, 20), Singles([0, 4, 5, 16, 14], 1, 5));

            // From 4 up to 16 the middle is 10; samples from the corner of a bin of 4 pixels on, 2 of them, lie a pixel to the left of those in the middle of its halves.
            AreClose([.. Enumerable.Repeat(isDeformable ? 9.0 : 10, Outputs)], said, 1e-4);
        }
    }

    private static VotingRegionHead Head(bool isDeformable)
    {
        var head = new VotingRegionHead(Channels, Classes, 8, Parts, isDeformable);
        head.Draw(3);
        head.eval();
        return head;
    }

    private static double[] Votes(double[] pooled) => [.. pooled.Chunk(9).Select(parts => parts.Average())];
}
