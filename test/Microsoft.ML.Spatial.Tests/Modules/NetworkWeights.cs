using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

/// <summary>Sets the weights of networks by hand.</summary>
internal static class NetworkWeights
{
    /// <summary>Makes a layer say the same whatever it sees.</summary>
    internal static void SayAlways(this nn.Module network, string layer, params double[] bias)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        nn.init.constant_(network.get_parameter($"{layer}.weight")!, 0);
        network.get_parameter($"{layer}.bias")!.copy_(TestTensors.Singles(bias, bias.Length));
    }

    /// <summary>Draws all weights and statistics of a network, so that what it says differs from place to place.</summary>
    internal static void Draw(this nn.Module network, int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, tensor) in Floats(network))
        {
            var isScale = name.EndsWith("normalisation.weight", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal);
            var bound = tensor.shape.Length > 1 ? 2 / Math.Sqrt((double)tensor.NumberOfElements / tensor.shape[0]) : 0.3;
            tensor.copy_(TestTensors.Singles(TestTensors.Uniform(seed++, (int)tensor.NumberOfElements, isScale ? 0.7 : -bound, isScale ? 1.3 : bound), tensor.shape));
        }
    }

    /// <summary>Gives a network all weights and statistics of one that lacks its offset branches. Modulated reads weigh one half to begin with: their weights are doubled.</summary>
    internal static void StartAs(this nn.Module network, nn.Module plain)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = no_grad();
        var own = Floats(network).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        foreach (var (name, tensor) in Floats(plain))
        {
            own[name].copy_(tensor);
            if (own.ContainsKey(name.Replace("convolution.weight", "convolution.mask.weight", StringComparison.Ordinal)) && name.EndsWith("convolution.weight", StringComparison.Ordinal))
                own[name].mul_(2);
        }
    }

    /// <summary>A part of a network.</summary>
    internal static T Part<T>(this nn.Module network, string name)
        where T : nn.Module =>
        (T)network.named_children().Single(child => child.name == name).module;

    private static IEnumerable<(string Name, Tensor Tensor)> Floats(nn.Module network) =>
        network.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter))
            .Concat(network.named_buffers().Where(entry => entry.buffer.dtype == ScalarType.Float32).Select(entry => (entry.name, entry.buffer)));
}
