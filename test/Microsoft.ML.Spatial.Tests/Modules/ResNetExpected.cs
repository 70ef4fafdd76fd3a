using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>What torchvision's residual networks and feature pyramid give for weights that a formula makes of their names, from the script resnet_expected.py beside this file.</summary>
internal static class ResNetExpected
{
    internal const string BatchCount = ".num_batches_tracked";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Lazy<Answers> Stored = new(
        () => JsonSerializer.Deserialize<Answers>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Modules", "resnet_expected.json")), Json)!);

    /// <summary>A map, told by its shape, its sum, its sum of squares and eight of its values.</summary>
    internal sealed record Figures(long[] Shape, double Sum, double Squares, double[] Samples);

    private sealed record Answers(Dictionary<string, Figures[]> Outputs, Dictionary<string, Dictionary<string, string>> Names, Figures[] Pyramid);

    /// <summary>The maps of a network of a depth for <see cref="Pictures"/>.</summary>
    internal static Figures[] Maps(int depth, bool isPyramid) => Stored.Value.Outputs[$"{depth} {(isPyramid ? "pyramid" : "dilated")}"];

    /// <summary>The maps of a feature pyramid of 16 channels, with two more levels, for maps of the shapes that the script says.</summary>
    internal static Figures[] Pyramid => Stored.Value.Pyramid;

    /// <summary>For each part of a network of a depth the count of its tensors and a hash of their names and shapes.</summary>
    internal static Dictionary<string, string> Names(int depth) => Stored.Value.Names[$"{depth}"];

    internal static string PartOf(string name) => string.Join('.', name.Split('.').Take(name.StartsWith("layer", StringComparison.Ordinal) ? 2 : 1));

    /// <summary>What <see cref="Names"/> holds, of names and shapes.</summary>
    internal static string Digest(IEnumerable<(string Name, long[] Shape)> tensors)
    {
        var lines = tensors.Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}").Order(StringComparer.Ordinal).ToArray();
        return $"{lines.Length} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16]}";
    }

    /// <summary>A batch of one picture, in double precision.</summary>
    internal static Tensor Pictures() => Images("images", 1, 3, 65, 97);

    /// <summary>Numbers of [-1, 1) that follow from a name.</summary>
    internal static Tensor Images(string name, params long[] shape) => Of(Uniforms(name, shape, (u, _) => (2 * u) - 1), shape);

    /// <summary>The weight of a name, in double precision.</summary>
    internal static Tensor Weight(string name, long[] shape)
    {
        var isPositive = name.EndsWith("weight", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal);
        return Of(
            Uniforms(
                name, shape,
                (u, fanIn) => shape.Length == 4 ? ((2 * u) - 1) * Math.Sqrt(3.0 / fanIn) : isPositive ? 0.5 + u : ((2 * u) - 1) * 0.1),
            shape);
    }

    /// <summary>Makes a module one of double precision and gives it the weights of its names, all but branches of deformable convolutions.</summary>
    internal static void Fill(nn.Module module)
    {
        module.to(ScalarType.Float64);
        using var noGradient = no_grad();
        foreach (var (name, value) in module.state_dict().Where(entry => !entry.Key.EndsWith(BatchCount, StringComparison.Ordinal) && !IsBranch(entry.Key)))
        {
            using var weight = Weight(name, value.shape);
            value.copy_(weight);
        }
    }

    internal static bool IsBranch(string name) => name.Contains(".offset.", StringComparison.Ordinal) || name.Contains(".mask.", StringComparison.Ordinal);

    internal static void AreMaps(Figures[] expected, Tensor[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        foreach (var (figures, map) in expected.Zip(actual))
        {
            CollectionAssert.AreEqual(figures.Shape, map.shape);
            var values = Values(map);

            // A sum's error is that of its values, which may cancel.
            var scale = Math.Sqrt(figures.Squares / values.Length);
            Assert.AreEqual(figures.Sum, values.Sum(), tolerance * scale * values.Length);
            Assert.AreEqual(figures.Squares, values.Sum(value => value * value), tolerance * figures.Squares);
            for (var i = 0; i < 8; i++)
                Assert.AreEqual(figures.Samples[i], values[i * (values.Length - 1) / 7], tolerance * scale * 10, $"sample {i}");
        }
    }

    private static double[] Uniforms(string name, long[] shape, Func<double, long, double> map)
    {
        var seed = Encoding.UTF8.GetBytes(name).Aggregate(2166136261, (hash, value) => unchecked((hash ^ value) * 16777619));
        var fanIn = shape.Skip(1).Aggregate(1L, (product, side) => product * side);
        var values = new double[shape.Aggregate(1L, (product, side) => product * side)];
        for (var i = 0; i < values.Length; i++)
        {
            var mixed = unchecked(((uint)i * 2654435761) + seed);
            mixed ^= mixed >> 15;
            mixed = unchecked(mixed * 2246822519);
            mixed ^= mixed >> 13;
            values[i] = map(mixed / 4294967296.0, fanIn);
        }

        return values;
    }
}
