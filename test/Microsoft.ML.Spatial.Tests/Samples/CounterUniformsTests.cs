using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Tests.Samples;

[TestClass]
public sealed class CounterUniformsTests
{
    [TestMethod]
    [DataRow(0, 100, 0L, new[] { 0.5093130175308266, 0.8383671596421437, 0.3609051003214725, 0.6501381815572327 })]
    [DataRow(7, 201, 123456789L, new[] { 0.9646919456935157, 0.7252234963767583, 0.4295912132878257, 0.7649671509213746, 0.7164242730127415 })]
    public void EqualThoseOfTheReference(int seed, int stream, long sample, double[] expected)
    {
        var uniforms = new CounterUniforms(seed, stream, sample);
        CollectionAssert.AreEqual(expected, Enumerable.Range(0, expected.Length).Select(k => uniforms[k]).ToArray());
    }

    [TestMethod]
    public void FillTheUnitIntervalEvenly()
    {
        var counts = new int[10];
        for (int i = 0; i < 10_000; i++)
        {
            double u = new CounterUniforms(1, 100, i)[i % 7];
            Assert.IsTrue(u is >= 0 and < 1);
            counts[(int)(10 * u)]++;
        }

        // Five standard deviations of a binomial count about 1,000.
        foreach (int count in counts)
            Assert.IsTrue(Math.Abs(count - 1000) < 150, $"{count} in a tenth");
    }
}
