using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Persistence;

/// <summary>Reads the weights of trained residual networks: the state dictionary of one of torchvision's as a safetensors file.</summary>
internal static class BackboneWeights
{
    private const string BatchCount = ".num_batches_tracked";
    private const int Colours = 3;

    private static readonly string[] Classifier = ["fc.weight", "fc.bias"];

    /// <summary>Gives a backbone the weights of a file: all that a plain residual network of its depth has, or none.</summary>
    /// <remarks>
    /// <para>Floating-point values of any type are converted to the backbone's.</para>
    /// <para>Where images have one channel and the file's have three, the first convolution gets the sum of its weights over the three: it sees what it would see of a grey image.</para>
    /// <para>
    /// A deformable convolution gets the weights of the plain one, twice as large where it is modulated, whose mask starts at one half: as long as its branches are zero, the output is that of
    /// the plain network.
    /// </para>
    /// </remarks>
    /// <param name="backbone">The backbone; it stays as it is where the file does not fit.</param>
    /// <param name="path">The file.</param>
    /// <returns>What was taken and what was not.</returns>
    /// <exception cref="FormatException">The file is damaged or of another format, or is not the state dictionary of a network of this depth; the message names each tensor at fault.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    internal static WeightsReport Load(ResNetBackbone backbone, string path)
    {
        var weights = Read(path);
        try
        {
            return Assign(backbone, weights, path);
        }
        finally
        {
            foreach (var weight in weights.Values)
                weight.Dispose();
        }
    }

    private static Dictionary<string, Tensor> Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return Safetensors.Read(stream, stream.Length, CPU);
        }
        catch (FormatException error)
        {
            throw new FormatException(
                $"The weights file '{path}' of {stream.Length} bytes cannot be read: {error.Message} A whole file in safetensors format is needed; PyTorch's own (.pth) must be converted.", error);
        }
    }

    private static WeightsReport Assign(ResNetBackbone backbone, Dictionary<string, Tensor> weights, string path)
    {
        var live = backbone.state_dict();
        var deformable = backbone.named_modules()
            .Where(entry => entry.module is DeformConv2dPack).Select(entry => (entry.name, Module: (DeformConv2dPack)entry.module)).ToArray();
        var branches = deformable.SelectMany(entry => entry.Module.OffsetParameters()).ToHashSet<Tensor>(ReferenceEqualityComparer.Instance);
        var doubled = deformable.Where(entry => entry.Module.IsModulated).Select(entry => $"{entry.name}.weight").ToHashSet();

        // Branches are no part of such a file, not even where one has them: they would not fit weights that are doubled.
        var (anew, needed) = Split(live.Keys, name => branches.Contains(live[name]) || (name.EndsWith(BatchCount, StringComparison.Ordinal) && !weights.ContainsKey(name)));
        var (loaded, missing) = Split(needed, weights.ContainsKey);
        var (unused, unknown) = Split(
            weights.Keys.Except(needed), name => Classifier.Contains(name) || (name.EndsWith(BatchCount, StringComparison.Ordinal) && live.ContainsKey(WeightBeside(name))));
        var (fitting, differing) = Split(loaded, name => Fits(name, weights[name], live[name]));
        if (missing.Length + unknown.Length + differing.Length > 0)
        {
            throw new FormatException(
                $"The weights file '{path}' is not that of a ResNet of {backbone.Depth} layers: missing [{string.Join(", ", missing)}], unknown [{string.Join(", ", unknown)}], "
                + $"of another shape or type [{string.Join(", ", differing.Select(name => $"{name}: {Describe(weights[name])} where {Describe(live[name])} is needed"))}].");
        }

        using var noGradient = no_grad();
        foreach (var name in fitting)
        {
            using var scope = torch.NewDisposeScope();
            var (source, target) = (weights[name], live[name]);
            if (!source.shape.SequenceEqual(target.shape))
                source = source.to_type(target.dtype).sum(1, keepdim: true);
            target.copy_(source);
            if (doubled.Contains(name))
                target.mul_(2);
        }

        return new WeightsReport(fitting, anew, unused);
    }

    /// <summary>The names of which something holds, and the others, in order.</summary>
    private static (string[] Yes, string[] No) Split(IEnumerable<string> names, Func<string, bool> holds)
    {
        var groups = names.Order(StringComparer.Ordinal).ToLookup(holds);
        return ([.. groups[true]], [.. groups[false]]);
    }

    /// <summary>The weight of the normalisation that counts batches under a name.</summary>
    private static string WeightBeside(string name) => name[..^BatchCount.Length] + ".weight";

    private static bool Fits(string name, Tensor source, Tensor target)
    {
        var isOfType = target.is_floating_point() ? source.is_floating_point() : source.dtype == target.dtype;
        return isOfType && (source.shape.SequenceEqual(target.shape)
            || (name == ResNetBackbone.StemWeight && source.shape is [var outputs, Colours, var height, var width] && target.shape.SequenceEqual([outputs, 1, height, width])));
    }

    private static string Describe(Tensor tensor) => $"{tensor.dtype} {TensorCheck.Describe(tensor.shape)}";
}
