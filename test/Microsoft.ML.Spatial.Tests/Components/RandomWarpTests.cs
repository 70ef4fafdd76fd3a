using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class RandomWarpTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(0, 1, 0, 0, 0, 0, false)]
    [DataRow(30, 1, 0, 0, 0, 0, false)]
    [DataRow(-75, 0.7, 0.1, -0.2, 0, 0, false)]
    [DataRow(0, 1.3, 0, 0, 20, 0, false)]
    [DataRow(0, 1, 0, 0, 0, -35, true)]
    [DataRow(130, 1.7, -0.3, 0.25, 25, -15, true)]
    public void ThetaIsTheInverseOfTorchvisionsMatrixBehindAFlip(double degrees, double scale, double moveX, double moveY, double shearXDegrees, double shearYDegrees, bool flip)
    {
        const int Height = 50, Width = 80;
        var warp = new RandomWarp
        {
            RotationDegrees = new(degrees, degrees),
            Scale = new(scale, scale),
            TranslationX = new(moveX, moveX),
            TranslationY = new(moveY, moveY),
            ShearXDegrees = new(shearXDegrees, shearXDegrees),
            ShearYDegrees = new(shearYDegrees, shearYDegrees),
            HorizontalFlipProbability = flip ? 1 : 0,
        };
        var theta = warp.Theta(new RowUniforms(1, 2, new DataViewRowId(3, 0)), Height, Width);

        // torchvision.transforms.functional, _get_inverse_affine_matrix: RotateScaleShear(a, s, (sx, sy)), in pixels about the centre.
        var (a, sx, sy) = (degrees * Math.PI / 180, shearXDegrees * Math.PI / 180, shearYDegrees * Math.PI / 180);
        double[] matrix =
        [
            scale * Math.Cos(a - sy) / Math.Cos(sy), scale * ((-Math.Cos(a - sy) * Math.Tan(sx) / Math.Cos(sy)) - Math.Sin(a)),
            scale * Math.Sin(a - sy) / Math.Cos(sy), scale * ((-Math.Sin(a - sy) * Math.Tan(sx) / Math.Cos(sy)) + Math.Cos(a)),
        ];
        foreach (var (x, y) in new[] { (0.0, 0.0), (-40, 25), (13, -7), (31, 24.5) })
        {
            var mirrored = flip ? -x : x;
            var targetX = ((matrix[0] * mirrored) + (matrix[1] * y) + (moveX * Width)) * 2 / Width;
            var targetY = ((matrix[2] * mirrored) + (matrix[3] * y) + (moveY * Height)) * 2 / Height;
            Assert.AreEqual(x * 2 / Width, (theta[0] * targetX) + (theta[1] * targetY) + theta[2], 1e-5);
            Assert.AreEqual(y * 2 / Height, (theta[3] * targetX) + (theta[4] * targetY) + theta[5], 1e-5);
        }
    }

    [TestMethod]
    public void APictureIsSeenToMoveAsTheRangesSay()
    {
        const int Side = 5;
        AssertSees(new RandomWarp { RotationDegrees = new(90, 90) }, Side, Side, (row, column) => (Side - 1 - column, row));
        AssertSees(new RandomWarp { TranslationX = new(0.25, 0.25) }, 4, 8, (row, column) => (row, column - 2));
        AssertSees(new RandomWarp { TranslationY = new(-0.25, -0.25) }, 4, 8, (row, column) => (row + 1, column));
        AssertSees(new RandomWarp { HorizontalFlipProbability = 1 }, 4, 7, (row, column) => (row, 6 - column));
        AssertSees(new RandomWarp { ShearXDegrees = new(45, 45) }, Side, 9, (row, column) => (row, column + (row - 2)));
        AssertSees(new RandomWarp { ShearYDegrees = new(45, 45) }, 9, Side, (row, column) => (row + (column - 2), column));
        AssertSees(new RandomWarp { Scale = new(3, 3) }, 9, 9, (row, column) => (3 + (row / 3), 3 + (column / 3)), SamplingMode.Nearest);
        AssertSees(new RandomWarp { HorizontalFlipProbability = 1, TranslationX = new(0.5, 0.5) }, 2, 4, (row, column) => (row, column < 2 ? -1 : 3 - (column - 2)));
    }

    [TestMethod]
    public void DrawsFillTheirRangesAndNoMore()
    {
        var warp = new RandomWarp { TranslationX = new(-0.3, 0.1), TranslationY = new(0.2, 0.4), HorizontalFlipProbability = 0.3 };
        var (x, y, flips) = (new List<double>(), new List<double>(), 0);
        for (var row = 0u; row < 4000; row++)
        {
            var theta = warp.Theta(new RowUniforms(7, row % 3, new DataViewRowId(row, 0)), 10, 20);
            flips += theta[0] < 0 ? 1 : 0;
            x.Add(-theta[2] / 2 * Math.Sign(theta[0]));
            y.Add(-theta[5] / 2);
        }

        AssertFills(x, -0.3, 0.1);
        AssertFills(y, 0.2, 0.4);
        Assert.AreEqual(0.3, flips / 4000.0, 0.03);
        var (meanX, meanY) = (x.Average(), y.Average());
        Assert.AreEqual(0, x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Average() / (0.4 * 0.2 / 12), 0.06, "the draws are independent");
    }

    [TestMethod]
    public void TurnsAndScalesFillTheirRangesAndNoMore()
    {
        var warp = new RandomWarp { RotationDegrees = new(-20, 50), Scale = new(0.5, 2) };
        var (angles, scales) = (new List<double>(), new List<double>());
        for (var row = 0u; row < 4000; row++)
        {
            var theta = warp.Theta(new RowUniforms(8, 0, new DataViewRowId(row, 0)), 16, 16);
            angles.Add(Math.Atan2(theta[1], theta[0]) * 180 / Math.PI);
            scales.Add(1 / Math.Sqrt((theta[0] * theta[0]) + (theta[1] * theta[1])));
        }

        AssertFills(angles, -20, 50);
        AssertFills(scales, 0.5, 2);
    }

    private static void AssertFills(List<double> values, double least, double most)
    {
        var margin = (most - least) * 0.01;
        Assert.IsTrue(values.Min() >= least - 1e-5 && values.Min() < least + margin, $"least {values.Min()}");
        Assert.IsTrue(values.Max() <= most + 1e-5 && values.Max() > most - margin, $"greatest {values.Max()}");
        Assert.AreEqual((least + most) / 2, values.Average(), (most - least) * 0.02);
    }

    private void AssertSees(RandomWarp warp, int height, int width, Func<int, int, (int Row, int Column)> source, SamplingMode mode = SamplingMode.Bilinear)
    {
        var rows = WarpRow.Make(1, height, width);
        var view = _ml.Data.LoadFromEnumerable(rows);
        var warped = _ml.Transforms.WarpImages(new ImageWarpingEstimator.Options { Random = warp, Sampling = mode }).Fit(view).Transform(view);
        CollectionAssert.AreEqual(WarpRow.Read(rows[0].Image!, height, width, source), WarpRow.Pixels(warped)[0], warp.ToString());
    }
}
