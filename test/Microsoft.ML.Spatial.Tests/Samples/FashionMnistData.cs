using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>Data for the tests of the sample.</summary>
internal static class FashionMnistData
{
    private static readonly Lazy<Task<FashionMnistDataSet>> Real = new(async () => FashionMnistDataSet.Read(await new FashionMnistFiles().LocateAsync(CancellationToken.None)));

    /// <summary>The real data set, installed or downloaded once; without either the test is inconclusive.</summary>
    public static async Task<FashionMnistDataSet> RealAsync()
    {
        try
        {
            return await Real.Value;
        }
        catch (IOException e)
        {
            Assert.Inconclusive(e.Message);
            throw;
        }
    }

    /// <summary>Random pictures and labels in the shape of the data set.</summary>
    public static FashionMnistDataSet Random(int trainingCount, int testCount) => new(Split(trainingCount, 1), Split(testCount, 2));

    private static FashionMnistSplit Split(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * FashionMnistSplit.Side * FashionMnistSplit.Side];
        random.NextBytes(pixels);
        return new FashionMnistSplit(pixels, [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(10))]);
    }
}
