using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class TransformationStartTests
{
    [TestMethod]
    [DataRow(TransformationKind.Affine)]
    [DataRow(TransformationKind.Attention)]
    [DataRow(TransformationKind.Projective)]
    [DataRow(TransformationKind.ThinPlateSpline)]
    public void OneAloneIsTheIdentity(TransformationKind kind)
    {
        using var grid = GridGenerator.Create(kind, 3, 3, false, 5);
        var thetas = TransformationStart.Spread(kind, 1, 5);
        Assert.HasCount(1, thetas);
        CollectionAssert.AreEqual(grid.IdentityTheta(), thetas[0]);
        CollectionAssert.AreEqual(grid.IdentityTheta(), TransformationStart.Window(kind, 1, 0, 0, 5));
    }

    [TestMethod]
    [DataRow(2, "-0.333 0, 0.333 0", 0.6667)]
    [DataRow(3, "-0.333 -0.333, 0.333 -0.333, 0 0.333", 0.6667)]
    [DataRow(4, "-0.333 -0.333, 0.333 -0.333, -0.333 0.333, 0.333 0.333", 0.6667)]
    [DataRow(5, "-0.5 -0.5, 0 -0.5, 0.5 -0.5, -0.5 0.5, 0.5 0.5", 0.5)]
    public void WindowsAreSpreadOverThePicture(int count, string centres, double scale)
    {
        var thetas = TransformationStart.Spread(TransformationKind.Attention, count);
        var expected = centres.Split(", ").Select(centre => centre.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.HasCount(count, thetas);
        for (var i = 0; i < count; i++)
        {
            Assert.AreEqual(scale, thetas[i][0], 1e-3);
            Assert.AreEqual(expected[i][0], thetas[i][1], 1e-3, $"x of {i}");
            Assert.AreEqual(expected[i][1], thetas[i][2], 1e-3, $"y of {i}");
        }
    }

    /// <summary>Theta of every kind shows the same window.</summary>
    [TestMethod]
    public void EveryKindStartsAtTheSameWindow()
    {
        using var scope = torch.NewDisposeScope();
        for (var count = 1; count <= 16; count++)
        {
            var expected = Grids(TransformationKind.Affine, count);
            foreach (var kind in Enum.GetValues<TransformationKind>())
            {
                foreach (var (grid, other) in expected.Zip(Grids(kind, count)))
                    AreClose(grid, other, 1e-5);
            }

            Assert.HasCount(count, expected.DistinctBy(grid => (grid[0], grid[1])));
            Assert.IsTrue(expected.All(grid => grid.All(value => value is > -1 and < 1)), "No window leaves the picture.");
        }

        IEnumerable<torch.Tensor> Thetas(TransformationKind kind, int count) =>
            TransformationStart.Spread(kind, count, 3).Select(theta => Singles([.. theta.Select(value => (double)value)], 1, theta.Length));

        double[][] Grids(TransformationKind kind, int count)
        {
            using var generator = GridGenerator.Create(kind, 5, 4, false, 3);
            return [.. Thetas(kind, count).Select(theta => Values(generator.call(theta)))];
        }

        static void AreClose(double[] one, double[] other, double tolerance)
        {
            Assert.HasCount(one.Length, other);
            for (var i = 0; i < one.Length; i++)
                Assert.AreEqual(one[i], other[i], tolerance);
        }
    }

    [TestMethod]
    public void RefusesWhatIsNoWindow()
    {
        Refused("count", () => TransformationStart.Spread(TransformationKind.Affine, 0));
        Refused("count", () => TransformationStart.Spread(TransformationKind.Affine, 1025));
        Refused("kind", () => TransformationStart.Spread((TransformationKind)9, 2));
        Refused("controlPointsPerSide", () => TransformationStart.Spread(TransformationKind.ThinPlateSpline, 2, 1));
        Refused("scale", () => TransformationStart.Window(TransformationKind.Affine, 0, 0, 0));
        Refused("scale", () => TransformationStart.Window(TransformationKind.Affine, float.NaN, 0, 0));
        Refused("x", () => TransformationStart.Window(TransformationKind.Affine, 1, float.PositiveInfinity, 0));
        Refused("y", () => TransformationStart.Window(TransformationKind.Affine, 1, 0, float.NaN));

        static void Refused(string argument, Func<object> action)
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(action);
            Assert.AreEqual(argument, error.ParamName);
            StringAssert.Contains(error.Message, $"{argument} is ");
        }
    }
}
