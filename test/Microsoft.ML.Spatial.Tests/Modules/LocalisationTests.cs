using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class LocalisationTests
{
    private static readonly float[] Identity = [1, 0, 0, 0, 1, 0];

    [TestMethod]
    [DataRow(1, 42, 42)]
    [DataRow(3, 70, 9)]
    public void ConvolutionalEqualsItsLayersOneByOne(int channels, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalLocalisation(channels, height, width, Identity);
        DisturbLastLayer(network);
        var reference = new ReferenceNetwork(network.state_dict());
        var input = Uniform(1, 2 * channels * height * width);

        var maps = new ReferenceNetwork.Maps(input, 2, channels, height, width);
        while (maps.Height > 32 || maps.Width > 32)
            maps = ReferenceNetwork.Pool(maps, maps.Height > 32 ? 2 : 1, maps.Width > 32 ? 2 : 1, Enumerable.Average);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv1")), 2, 2, Enumerable.Max);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv2")), 2, 2, Enumerable.Max);
        var expected = reference.Connect(ReferenceNetwork.Relu(reference.Connect(maps.Values, 2, "hidden")), 2, "theta");

        AreClose(expected, network.call(Singles(input, 2, channels, height, width)), 1e-5);
    }

    [TestMethod]
    public void FullyConnectedEqualsItsLayersOneByOne()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new FullyConnectedLocalisation(2, 5, 7, [1, 0, 0]);
        DisturbLastLayer(network);
        var reference = new ReferenceNetwork(network.state_dict());
        var input = Uniform(1, 3 * 70);

        var hidden = ReferenceNetwork.Relu(reference.Connect(input, 3, "hidden1"));
        hidden = ReferenceNetwork.Relu(reference.Connect(hidden, 3, "hidden2"));
        hidden = ReferenceNetwork.Relu(reference.Connect(hidden, 3, "hidden3"));

        AreClose(reference.Connect(hidden, 3, "theta"), network.call(Singles(input, 3, 2, 5, 7)), 1e-5);
    }

    [TestMethod]
    [DataRow(2, 5, 7)]
    [DataRow(1, 37, 9)]
    public void PooledEqualsItsLayersOneByOne(int channels, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new PooledLocalisation(channels, height, width, Identity);
        DisturbLastLayer(network);
        var reference = new ReferenceNetwork(network.state_dict());
        var input = Uniform(1, 3 * channels * height * width);

        var maps = new ReferenceNetwork.Maps(input, 3, channels, height, width);
        while (maps.Height > 8 || maps.Width > 8)
            maps = ReferenceNetwork.Pool(maps, maps.Height > 8 ? 2 : 1, maps.Width > 8 ? 2 : 1, Enumerable.Average);
        var hidden = ReferenceNetwork.Relu(reference.Connect(maps.Values, 3, "hidden1"));
        hidden = ReferenceNetwork.Relu(reference.Connect(hidden, 3, "hidden2"));

        AreClose(reference.Connect(hidden, 3, "theta"), network.call(Singles(input, 3, channels, height, width)), 1e-5);
    }

    [TestMethod]
    public void BeginsAtTheIdentity()
    {
        using var scope = torch.NewDisposeScope();
        double[] twice = [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0];
        using var convolutional = new ConvolutionalLocalisation(1, 28, 28, Identity);
        using var connected = new FullyConnectedLocalisation(1, 28, 28, Identity);
        using var pooled = new PooledLocalisation(1, 28, 28, Identity);
        foreach (var network in new torch.nn.Module<torch.Tensor, torch.Tensor>[] { convolutional, connected, pooled })
        {
            AreClose(new double[6 * 32], network.state_dict()["theta.weight"], 0);
            AreClose(twice, network.call(Singles(Uniform(1, 2 * 784), 2, 1, 28, 28)), 0);
        }
    }

    [TestMethod]
    public void TheLastLayerLearnsFirstAndTheOthersAfterIt()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalLocalisation(1, 16, 16, Identity);
        var input = Singles(Uniform(1, 2 * 256), 2, 1, 16, 16);

        network.call(input).sum().backward();
        Assert.IsTrue(Gradient(network, "theta.weight").Any(value => value != 0));
        Assert.IsTrue(Gradient(network, "conv1.weight").All(value => value == 0), "Zero weights let no gradient through.");

        DisturbLastLayer(network);
        network.call(input).sum().backward();
        foreach (var (name, _) in network.named_parameters())
            Assert.IsTrue(Gradient(network, name).Any(value => value != 0), name);
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalLocalisation(1, 40, 40, Identity);
        CollectionAssert.AreEqual(new long[] { 0, 6 }, network.call(Singles([], 0, 1, 40, 40)).shape);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        Assert.AreEqual("width", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConvolutionalLocalisation(1, 8, 3, Identity)).ParamName);
        Assert.AreEqual("identityTheta", Assert.ThrowsExactly<ArgumentException>(() => new FullyConnectedLocalisation(1, 8, 8, [])).ParamName);
        Assert.AreEqual("identityTheta", Assert.ThrowsExactly<ArgumentNullException>(() => new ConvolutionalLocalisation(1, 8, 8, null!)).ParamName);
        Assert.AreEqual("pooledSide", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PooledLocalisation(1, 8, 8, Identity, 0)).ParamName);
        using var network = new FullyConnectedLocalisation(1, 8, 8, Identity);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.forward(Singles(Uniform(1, 64), 1, 64))).Message, "[1, 64]");
    }

    private static double[] Gradient(torch.nn.Module network, string name) => Values(network.get_parameter(name)!.grad!);

    private static void DisturbLastLayer(torch.nn.Module network)
    {
        using var noGradient = torch.no_grad();
        var weight = network.state_dict()["theta.weight"];
        weight.copy_(Singles(Uniform(9, (int)weight.NumberOfElements), weight.shape));
    }
}
