using Microsoft.ML.Spatial.Functional.Kernels;

namespace Microsoft.ML.Spatial.Tests.Functional.Kernels;

[TestClass]
public class ColumnLayoutTests
{
    [TestMethod]
    [DataRow(16, 2, 1, 3)]
    [DataRow(16, 16, 4, 3)]
    [DataRow(8, 2, 2, 3)]
    [DataRow(48, 4, 3, 3)]
    [DataRow(16, 2, 8, 1)]
    [DataRow(70, 7, 5, 2)]
    public void RowsHoldEveryTapOnceAndWholePanels(int channels, int weightGroups, int deformGroups, int kernel)
    {
        var shape = new DeformShape(1, channels, 9, 9, weightGroups, 9, 9, kernel, kernel, 1, 1, 1, 1, 1, 1, weightGroups, deformGroups);
        for (var first = 0; first < channels; first++)
        {
            for (var count = 1; count <= channels - first; count++)
            {
                var layout = new ColumnLayout(shape, first, count);

                foreach (var segment in layout.Segments)
                    Assert.IsLessThanOrEqualTo(layout.RowStride, segment.Column + MatrixProduct.RoundUp(shape.Taps * segment.Channels));
                var places = layout.Groups.SelectMany(group => group.Runs).SelectMany(run =>
                    Enumerable.Range(0, shape.Taps).SelectMany(tap => Enumerable.Range(run.Column + (tap * run.TapStride), run.Channels)));
                CollectionAssert.AreEquivalent(Enumerable.Range(0, shape.Taps * count).ToArray(), places.ToArray());
            }
        }
    }
}
