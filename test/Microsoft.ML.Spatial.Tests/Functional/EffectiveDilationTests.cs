using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class EffectiveDilationTests
{
    [TestMethod]
    public void OfAPlainConvolutionIsItsDilation()
    {
        using var scope = torch.NewDisposeScope();
        AreClose([4, 4], EffectiveDilation.Map(Singles(new double[36], 1, 18, 1, 2), new ConvolutionGeometry((3, 3), (2, 2), dilation: (4, 4))), 1e-6);

        // 3 x 2 places have 4 pairs one above the other and 3 side by side.
        AreClose([(4 * 2 + 3 * 5) / 7.0], EffectiveDilation.Map(Of(new double[12], 1, 12, 1, 1), new ConvolutionGeometry((3, 2), dilation: (2, 5))), 1e-12);
        AreClose([3], EffectiveDilation.Map(Of(new double[8], 1, 8, 1, 1), new ConvolutionGeometry((1, 4), dilation: (2, 3))), 1e-12);
    }

    [TestMethod]
    [DataRow(ScalarType.Float64, 1e-10)]
    [DataRow(ScalarType.Float32, 1e-5)]
    public void IsTheMeanDistanceOfNeighbours(ScalarType type, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        const int Pictures = 2, Groups = 2, Rows = 3, Columns = 2, Height = 3, Width = 4, Area = Height * Width;
        var geometry = new ConvolutionGeometry((Rows, Columns), (2, 1), (1, 0), (2, 3));
        var offsets = Uniform(1, Pictures * Groups * Rows * Columns * 2 * Area, -3, 3);
        var expected = new double[Pictures * Area];
        for (var n = 0; n < Pictures; n++)
        {
            for (var p = 0; p < Area; p++)
            {
                var distances = new List<double>();
                for (var g = 0; g < Groups; g++)
                {
                    (double Y, double X) At(int row, int column)
                    {
                        var at = ((n * Groups + g) * Rows * Columns + row * Columns + column) * 2 * Area + p;
                        return (2 * row + offsets[at], 3 * column + offsets[at + Area]);
                    }

                    void Pair((double Y, double X) a, (double Y, double X) b) => distances.Add(Math.Sqrt((a.Y - b.Y) * (a.Y - b.Y) + (a.X - b.X) * (a.X - b.X)));
                    for (var row = 0; row < Rows; row++)
                    {
                        for (var column = 0; column < Columns; column++)
                        {
                            if (row > 0)
                                Pair(At(row, column), At(row - 1, column));
                            if (column > 0)
                                Pair(At(row, column), At(row, column - 1));
                        }
                    }
                }

                expected[n * Area + p] = distances.Average();
            }
        }

        var map = EffectiveDilation.Map(Of(offsets, Pictures, Groups * Rows * Columns * 2, Height, Width).to_type(type), geometry);
        CollectionAssert.AreEqual(new long[] { Pictures, Height, Width }, map.shape);
        AreClose(expected, map, tolerance);
    }

    [TestMethod]
    public void OfRoIsIsTheMeanOfThePositionsWithin()
    {
        using var scope = torch.NewDisposeScope();

        // Stride 8: the centres of the positions are at 4, 12, 20, 28.
        var map = Singles([.. Enumerable.Range(0, 2 * 3 * 4).Select(i => (double)i)], 2, 3, 4);
        var rois = Singles(
            [
                0, 0, 0, 32, 24,        // all of the first picture
                1, 4, 4, 12, 4,         // two positions, on its edge
                0, 5, 5, 6, 6,          // between centres: the position it is in
                1, 500, 500, 600, 600,  // outside: the last
                0, -50, 10, 13, 500,    // sticks out
                0, 21, 3, 19, 3,        // turned round: the position of its middle
            ], 6, 5);
        AreClose([5.5, 12.5, 0, 23, 6.5, 2], EffectiveDilation.OfRoIs(map, rois, 1 / 8.0), 1e-6);
        CollectionAssert.AreEqual(new long[] { 0 }, EffectiveDilation.OfRoIs(map, Singles([], 0, 5), 0.125).shape);
    }

    [TestMethod]
    public void OfMasksIsTheWeightedMean()
    {
        using var scope = torch.NewDisposeScope();
        var map = Of([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2);
        var masks = Of([1, 0, 0, 1, 0, 0, 0, 0, 0.5, 0, 0, 1.5, 1, 1, 1, 1], 2, 2, 2, 2);
        AreClose([2.5, 0, 7.25, 6.5], EffectiveDilation.OfMasks(map, masks), 1e-12);
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var map = Singles(new double[24], 2, 3, 4);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EffectiveDilation.Map(Singles([1, 2], 1, 2, 1, 1), new ConvolutionGeometry((1, 1)))).Message, "1 x 1");
        Assert.AreEqual("offsets", Assert.ThrowsExactly<ArgumentNullException>(() => EffectiveDilation.Map(null!, new ConvolutionGeometry((3, 3)))).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EffectiveDilation.OfRoIs(Singles([1], 1), Singles([], 0, 5), 1)).Message, "map has shape [1]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EffectiveDilation.OfRoIs(map, Singles([1, 2, 3, 4], 1, 4), 1)).Message, "[1, 4]; [K, 5]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EffectiveDilation.OfRoIs(map, Singles([2, 0, 0, 1, 1], 1, 5), 1)).Message, "RoI 0 of 1 is of picture 2 and map has 2");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EffectiveDilation.OfRoIs(map, Singles([1, 0, double.NaN, 1, 1], 1, 5), 1)).Message, "RoI 0 of 1 has NaN in column 2; all five numbers must be finite");
        Assert.AreEqual("spatialScale", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EffectiveDilation.OfRoIs(map, Singles([], 0, 5), 0)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => EffectiveDilation.OfMasks(map, Singles(new double[12], 1, 1, 3, 4))).Message, "[1, 1, 3, 4]; [2, M, 3, 4] is needed");
    }
}
