using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class BinLocationsTests
{
    [TestMethod]
    public void AreThePartsOfTheRoIMovedByTheirOffsets()
    {
        using var scope = torch.NewDisposeScope();
        const int Count = 2, Rows = 2, Columns = 3;
        var (rois, offsets) = (new double[] { 0, 10, 20, 40, 60, 1, -5, 0, 4, 7 }, Uniform(1, Count * 2 * Rows * Columns));
        var expected = new List<double>();
        for (var k = 0; k < Count; k++)
        {
            var (x, y, width, height) = (rois[5 * k + 1], rois[5 * k + 2], rois[5 * k + 3] - rois[5 * k + 1], rois[5 * k + 4] - rois[5 * k + 2]);
            for (var i = 0; i < Rows; i++)
            {
                for (var j = 0; j < Columns; j++)
                {
                    var at = k * 2 * Rows * Columns + i * Columns + j;
                    var (left, top) = (x + j * width / Columns + 0.3 * offsets[at] * width, y + i * height / Rows + 0.3 * offsets[at + Rows * Columns] * height);
                    expected.AddRange([left, top, left + width / Columns, top + height / Rows]);
                }
            }
        }

        var bins = BinLocations.Of(Of(rois, Count, 5), Of(offsets, Count, 2, Rows, Columns), 0.3);
        CollectionAssert.AreEqual(new long[] { Count, Rows, Columns, 4 }, bins.shape);
        AreClose([.. expected], bins, 1e-12);
        AreClose([.. expected], BinLocations.Of(Singles(rois, Count, 5), Singles(offsets, Count, 2, Rows, Columns), 0.3), 1e-5);
        CollectionAssert.AreEqual(new long[] { 0, 2, 3, 4 }, BinLocations.Of(Singles([], 0, 5), Singles([], 0, 2, 2, 3)).shape);
        Assert.IsTrue(Values(BinLocations.Of(Singles([0, 0, 0, 1, 1], 1, 5), Singles([double.NaN, double.NegativeInfinity], 1, 2, 1, 1))).All(double.IsNaN));
    }

    [TestMethod]
    public void RefusesWhatDoesNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (rois, offsets) = (Singles([0, 0, 0, 1, 1], 1, 5), Singles(new double[8], 1, 2, 2, 2));
        Assert.AreEqual("rois", Assert.ThrowsExactly<ArgumentNullException>(() => BinLocations.Of(null!, offsets)).ParamName);
        Assert.AreEqual("offsets", Assert.ThrowsExactly<ArgumentNullException>(() => BinLocations.Of(rois, null!)).ParamName);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BinLocations.Of(Singles([0, 0, 0, 1], 1, 4), offsets)).Message, "[1, 4]; [K, 5]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BinLocations.Of(rois, Singles(new double[16], 2, 2, 2, 2))).Message, "[2, 2, 2, 2]; [1, 2, rows, columns]");
        Assert.AreEqual("gamma", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => BinLocations.Of(rois, offsets, double.NaN)).ParamName);
    }
}
