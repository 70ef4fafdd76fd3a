using System.Runtime.InteropServices;
using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Plain arrays to tensors and back.</summary>
internal static class TestTensors
{
    internal static double[] Uniform(int seed, int count, double from = -1, double to = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => from + (to - from) * random.NextDouble())];
    }

    internal static Tensor Of(double[] values, params long[] shape) => TensorFactory.FromArray<double>(values, shape, CPU);

    internal static Tensor Singles(double[] values, params long[] shape) =>
        TensorFactory.FromArray<float>(values.Select(value => (float)value).ToArray(), shape, CPU);

    /// <summary>How many tensors of this thread live.</summary>
    internal static long LiveTensors() => TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    /// <summary>Computes with one, two and three threads, and wants the same bits each time. Not beside tests that set the number too.</summary>
    /// <param name="compute">Gives the results.</param>
    /// <param name="of">What they are of, as a failure says it.</param>
    internal static void AreTheSameForAnyNumberOfThreads(Func<double[][]> compute, string of = "")
    {
        var found = get_num_threads();
        double[][] Results(int threads)
        {
            set_num_threads(threads);
            return compute();
        }

        try
        {
            var alone = Results(1);
            foreach (var threads in new[] { 2, 3 })
            {
                var together = Results(threads);
                for (var i = 0; i < alone.Length; i++)
                    CollectionAssert.AreEqual(alone[i], together[i], $"result {i} with {threads} threads{of}");
            }
        }
        finally
        {
            set_num_threads(found);
        }
    }

    internal static double[] Values(Tensor tensor)
    {
        if (tensor.NumberOfElements == 0)
            return [];
        using var copy = tensor.detach().cpu().to_type(ScalarType.Float64).contiguous();
        return MemoryMarshal.Cast<byte, double>(copy.bytes).ToArray();
    }

    /// <param name="expected">What the elements should be, row major.</param>
    /// <param name="actual">What they are.</param>
    /// <param name="tolerance">The largest difference.</param>
    /// <param name="relative">Whether the difference may grow with elements above 1.</param>
    internal static void AreClose(double[] expected, Tensor actual, double tolerance, bool relative = true)
    {
        var values = Values(actual);
        Assert.HasCount(expected.Length, values);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], values[i], tolerance * (relative ? Math.Max(1, Math.Abs(expected[i])) : 1), $"element {i} of {expected.Length}");
    }
}
