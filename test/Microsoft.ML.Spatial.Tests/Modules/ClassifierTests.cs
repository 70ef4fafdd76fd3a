using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class ClassifierTests
{
    [TestMethod]
    [DataRow(1, 12, 12)]
    [DataRow(3, 9, 14)]
    [DataRow(2, 34, 6)]
    public void ConvolutionalEqualsItsLayersOneByOne(int channels, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalClassifier(channels, height, width, 5);
        var reference = new ReferenceNetwork(network.state_dict());
        var input = Uniform(1, 2 * channels * height * width);

        var maps = new ReferenceNetwork.Maps(input, 2, channels, height, width);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv1")), 2, 2, Enumerable.Max);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv2")), 2, 2, Enumerable.Max);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv3")), height > 32 ? 2 : 1, width > 32 ? 2 : 1, Enumerable.Max);
        var expected = reference.Connect(ReferenceNetwork.Relu(reference.Connect(maps.Values, 2, "hidden")), 2, "output");

        AreClose(expected, network.call(Singles(input, 2, channels, height, width)), 1e-5);
    }

    [TestMethod]
    public void TransformersStandBeforeTheSecondAndThirdConvolution()
    {
        using var scope = torch.NewDisposeScope();
        double[][] thetas = [[0.8, 0.1, 0.05, -0.2, 0.9, -0.1], [0.7, -0.3, 0.1, 0.2, 1.1, 0.05]];
        var next = 0;
        using var network = new ConvolutionalClassifier(1, 12, 17, 5, (channels, height, width) => new SpatialTransformer(
            new PooledLocalisation(channels, height, width, [.. thetas[next++].Select(value => (float)value)]), new AffineGridGenerator(height, width)));
        var reference = new ReferenceNetwork(network.state_dict());
        var input = Uniform(1, 2 * 12 * 17);

        var maps = new ReferenceNetwork.Maps(input, 2, 1, 12, 17);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv1")), 2, 2, Enumerable.Max);
        maps = Warp(maps, thetas[0]);
        maps = ReferenceNetwork.Pool(ReferenceNetwork.Relu(reference.Convolve(maps, "conv2")), 2, 2, Enumerable.Max);
        maps = Warp(maps, thetas[1]);
        maps = ReferenceNetwork.Relu(reference.Convolve(maps, "conv3"));
        var expected = reference.Connect(ReferenceNetwork.Relu(reference.Connect(maps.Values, 2, "hidden")), 2, "output");

        AreClose(expected, network.call(Singles(input, 2, 1, 12, 17)), 1e-5);

        static ReferenceNetwork.Maps Warp(ReferenceNetwork.Maps maps, double[] theta) => maps with
        {
            Values = ReferenceSampler.Sample(
                maps.Values,
                [maps.Pictures, maps.Channels, maps.Height, maps.Width],
                ReferenceSampler.AffineGrid([.. theta, .. theta], maps.Height, maps.Width, false),
                SamplingMode.Bilinear,
                PaddingMode.Zeros,
                false),
        };
    }

    [TestMethod]
    public void RefusesTransformersThatChangeTheSize()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new ConvolutionalClassifier(1, 12, 16, 5, (channels, height, width) => new SpatialTransformer(
                new PooledLocalisation(channels, height, width, [1, 0, 0]), new AttentionGridGenerator(height, width - 1)))).Message,
            "6 x 7 pixels for a map of 6 x 8");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ConvolutionalClassifier(1, 12, 16, 5, (_, _, _) => null!)).Message, "null");
    }

    [TestMethod]
    public void FullyConnectedEqualsItsLayersOneByOne()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new FullyConnectedClassifier(2, 3, 5, 4);
        var reference = new ReferenceNetwork(network.state_dict());
        var input = Uniform(1, 3 * 30);

        var hidden = ReferenceNetwork.Relu(reference.Connect(input, 3, "hidden1"));
        hidden = ReferenceNetwork.Relu(reference.Connect(hidden, 3, "hidden2"));

        AreClose(reference.Connect(hidden, 3, "output"), network.call(Singles(input, 3, 2, 3, 5)), 1e-5);
    }

    [TestMethod]
    public void TakesInputOfAnyLayout()
    {
        using var scope = torch.NewDisposeScope();
        var input = Uniform(2, 2 * 3 * 8 * 12);
        var plain = Singles(input, 2, 3, 8, 12);
        var strange = plain.permute(2, 0, 3, 1).contiguous().permute(1, 3, 0, 2);
        Assert.IsFalse(strange.is_contiguous());

        using var convolutional = new ConvolutionalClassifier(3, 8, 12, 4);
        AreClose(Values(convolutional.call(plain)), convolutional.call(strange), 1e-5);
        using var connected = new FullyConnectedClassifier(3, 8, 12, 4);
        AreClose(Values(connected.call(plain)), connected.call(strange), 1e-5);
    }

    [TestMethod]
    public void GradientsEqualFiniteDifferences()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalClassifier(1, 8, 8, 3);
        network.to(torch.ScalarType.Float64);
        var input = Of(Uniform(3, 2 * 64), 2, 1, 8, 8);
        var weight = Of(Uniform(4, 6), 2, 3);
        torch.Tensor Loss() => network.call(input).mul(weight).sum();
        Loss().backward();

        foreach (var (name, parameter) in network.named_parameters())
        {
            const double Step = 1e-6;
            var gradient = Values(parameter.grad!);
            var values = Values(parameter);
            foreach (var i in new[] { 0, values.Length / 2, values.Length - 1 })
            {
                double At(double value)
                {
                    using var noGradient = torch.no_grad();
                    var moved = (double[])values.Clone();
                    moved[i] = value;
                    parameter.copy_(Of(moved, parameter.shape));
                    return Loss().item<double>();
                }

                var numeric = (At(values[i] + Step) - At(values[i] - Step)) / (2 * Step);
                At(values[i]);
                Assert.AreEqual(numeric, gradient[i], 1e-6, $"{name}[{i}]");
            }
        }
    }

    [TestMethod]
    public void OfNoPicturesIsEmpty()
    {
        using var scope = torch.NewDisposeScope();
        using var convolutional = new ConvolutionalClassifier(1, 8, 8, 3);
        CollectionAssert.AreEqual(new long[] { 0, 3 }, convolutional.call(Singles([], 0, 1, 8, 8)).shape);
        using var connected = new FullyConnectedClassifier(1, 8, 8, 3);
        CollectionAssert.AreEqual(new long[] { 0, 3 }, connected.call(Singles([], 0, 1, 8, 8)).shape);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalClassifier(1, 8, 8, 3);
        var shape = Assert.ThrowsExactly<ArgumentException>(() => network.forward(Singles(Uniform(1, 72), 1, 1, 8, 9)));
        StringAssert.Contains(shape.Message, "[1, 1, 8, 9]");
        StringAssert.Contains(shape.Message, "[N, 1, 8, 8]");

        Assert.AreEqual("height", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConvolutionalClassifier(1, 3, 8, 3)).ParamName);
        Assert.AreEqual("classes", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConvolutionalClassifier(1, 8, 8, 0)).ParamName);
        Assert.AreEqual("channels", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new FullyConnectedClassifier(0, 8, 8, 3)).ParamName);
        Assert.AreEqual("width", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new FullyConnectedClassifier(1, 8, -1, 3)).ParamName);
    }
}
