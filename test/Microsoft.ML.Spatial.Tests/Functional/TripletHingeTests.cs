using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class TripletHingeTests
{
    [TestMethod]
    [DataRow(2, 1, 1.0)]
    [DataRow(5, 3, 0.4)]
    [DataRow(33, 7, 1.0)]
    [DataRow(4, 3, 0.0)]
    public void EqualsTheFormula(int count, int length, double margin)
    {
        using var scope = torch.NewDisposeScope();
        var found = Uniform(1, count * length);
        var random = Uniform(2, count * length);
        var expected = Expected(found, random, count, length, margin);
        AreClose([expected], SpatialOps.TripletHinge(Of(found, count, length), Of(random, count, length), margin), 1e-10);
        AreClose([expected], SpatialOps.TripletHinge(Singles(found, count, length), Singles(random, count, length), margin), 1e-5);

        // The same numbers, laid out column by column.
        var turned = Of([.. Enumerable.Range(0, found.Length).Select(k => found[k % count * length + k / count])], length, count).transpose(0, 1);
        AreClose([expected], SpatialOps.TripletHinge(turned, Of(random, count, length), margin), 1e-10);
    }

    [TestMethod]
    public void GradientsEqualFiniteDifferences()
    {
        using var scope = torch.NewDisposeScope();
        const int Count = 4, Length = 3;
        const double Step = 1e-6;
        var found = Uniform(3, Count * Length);
        var random = Uniform(4, Count * Length);
        var (first, second) = (Of(found, Count, Length).requires_grad_(), Of(random, Count, Length).requires_grad_());
        SpatialOps.TripletHinge(first, second).backward();
        AreClose(Differences(found, () => Expected(found, random, Count, Length, 1)), first.grad!, 1e-7);
        AreClose(Differences(random, () => Expected(found, random, Count, Length, 1)), second.grad!, 1e-7);

        static double[] Differences(double[] values, Func<double> loss) =>
        [
            .. Enumerable.Range(0, values.Length).Select(k =>
            {
                var value = values[k];
                values[k] = value + Step;
                var above = loss();
                values[k] = value - Step;
                var below = loss();
                values[k] = value;
                return (above - below) / (2 * Step);
            }),
        ];
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var pair = Singles(Uniform(1, 6), 2, 3);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.TripletHinge(Singles(Uniform(1, 3), 1, 3), Singles(Uniform(1, 3), 1, 3))).Message, "[1, 3]");
        Assert.AreEqual("random", Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.TripletHinge(pair, Singles(Uniform(1, 4), 2, 2))).ParamName);
        Assert.AreEqual("random", Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.TripletHinge(pair, Of(Uniform(1, 6), 2, 3))).ParamName);
        Assert.AreEqual("margin", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SpatialOps.TripletHinge(pair, pair, double.NaN)).ParamName);
    }

    [TestMethod]
    public void OverhangIsTheSquaredDistanceOutside()
    {
        using var scope = torch.NewDisposeScope();
        var theta = Of([0.5, 0.25, -0.5, 0.5, 0.75, -0.875, 0.25, -1, 0], 3, 3).requires_grad_();
        var loss = SpatialOps.AttentionOverhang(theta);
        AreClose([(0.0625 + 0.140625 + 0.0625) / 3], loss, 1e-12);
        loss.backward();
        AreClose([0, 0, 0, 1.25 / 3, 0.5 / 3, -0.75 / 3, 0.5 / 3, -0.5 / 3, 0], theta.grad!, 1e-12);
        Assert.AreEqual("theta", Assert.ThrowsExactly<ArgumentException>(() => SpatialOps.AttentionOverhang(Of([1, 2], 1, 2))).ParamName);
    }

    private static double Expected(double[] found, double[] random, int count, int length, double margin)
    {
        var sum = 0.0;
        for (var n = 0; n < count; n++)
        {
            for (var m = 0; m < count; m++)
            {
                if (n != m)
                    sum += Math.Max(0, Distance(found, n, found, m) - Distance(found, n, random, n) + margin);
            }
        }

        return sum / (count * (count - 1));

        double Distance(double[] a, int i, double[] b, int j) => Enumerable.Range(0, length).Sum(k => Math.Pow(a[i * length + k] - b[j * length + k], 2));
    }
}
