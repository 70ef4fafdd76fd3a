using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>A copy of a module's parameters and buffers, to go back to.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly nn.Module _module;
    private readonly List<(Tensor Live, Tensor Copy)> _weights = [];

    public WeightSnapshot(nn.Module module)
    {
        _module = module;
        using var noGradient = no_grad();
        foreach (var live in Tensors())
        {
            _weights.Add((live, live.clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Copies the module's present weights over the earlier copy.</summary>
    public void Take()
    {
        using var noGradient = no_grad();
        foreach (var (live, copy) in _weights)
        {
            copy.copy_(live);
        }
    }

    /// <summary>Gives the module the copied weights.</summary>
    public void Restore()
    {
        using var noGradient = no_grad();
        foreach (var (live, copy) in _weights)
        {
            live.copy_(copy);
        }
    }

    public void Dispose()
    {
        foreach (var (_, copy) in _weights)
        {
            copy.Dispose();
        }
    }

    private IEnumerable<Tensor> Tensors() => _module.parameters().Concat(_module.buffers());
}
