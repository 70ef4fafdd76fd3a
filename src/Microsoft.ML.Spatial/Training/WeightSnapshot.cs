using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>A copy of a module's parameters and buffers, to go back to.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly List<(string Name, Tensor Live, Tensor Copy)> _weights = [];

    public WeightSnapshot(nn.Module module)
    {
        using var noGradient = no_grad();
        foreach (var (name, live) in module.state_dict())
        {
            _weights.Add((name, live, live.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>The copied weights, by the names of the module's state dictionary.</summary>
    public IEnumerable<(string Name, Tensor Value)> Copies => _weights.Select(weight => (weight.Name, weight.Copy));

    /// <summary>The module's present weights, by the same names.</summary>
    public IEnumerable<(string Name, Tensor Value)> Live => _weights.Select(weight => (weight.Name, weight.Live));

    /// <summary>Copies the module's present weights over the earlier copy.</summary>
    public void Take()
    {
        using var noGradient = no_grad();
        foreach (var (_, live, copy) in _weights)
        {
            copy.copy_(live);
        }
    }

    /// <summary>Gives the module the copied weights.</summary>
    public void Restore()
    {
        using var noGradient = no_grad();
        foreach (var (_, live, copy) in _weights)
        {
            live.copy_(copy);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, copy) in _weights)
        {
            copy.Dispose();
        }
    }
}
