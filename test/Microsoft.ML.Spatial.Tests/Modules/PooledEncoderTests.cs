using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public sealed class PooledEncoderTests
{
    [TestMethod]
    public void EncodesMeansOfCellsAtOneLength()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new PooledEncoder();

        // Cells of 2 x 2: a side of 14 is seven of them; of 15 columns the last is left over.
        const int Height = 14, Width = 15;
        var values = Uniform(1, 2 * Height * Width, 0, 1);
        var cells = new double[2 * 7 * 7];
        for (var k = 0; k < cells.Length; k++)
        {
            var (c, r, x) = (k / 49, k / 7 % 7, k % 7);
            for (var d = 0; d < 4; d++)
                cells[k] += values[(c * Height + 2 * r + d / 2) * Width + 2 * x + d % 2] / 4;
        }

        var scale = PooledEncoder.Length / Math.Sqrt(cells.Sum(cell => cell * cell) + 1e-6);
        AreClose([.. cells.Select(cell => cell * scale)], encoder.forward(Of(values, 1, 2, Height, Width)), 1e-10);
    }

    [TestMethod]
    public void ContrastDoesNotMatterAndNothingEncodesToZero()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new PooledEncoder();
        var values = Uniform(2, 100, 0.2, 0.4);
        var encoded = encoder.forward(Of([.. values, .. values.Select(value => 2 * value), .. new double[100]], 3, 1, 10, 10));
        AreClose(Values(encoded.narrow(0, 0, 1)), encoded.narrow(0, 1, 1), 1e-5);
        AreClose(new double[100], encoded.narrow(0, 2, 1), 0);
        Assert.AreEqual(0, encoder.forward(Singles([], 0, 1, 5, 5)).shape[0]);
        Assert.AreEqual("input", Assert.ThrowsExactly<ArgumentException>(() => encoder.forward(Of([1, 2], 1, 2))).ParamName);
    }
}
