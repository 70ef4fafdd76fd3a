using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

internal static class ModuleLifetime
{
    /// <summary>
    /// Takes the weights out of any dispose scope. A module built inside one would lose its weights when the scope ends,
    /// though the module itself lives on; so every module here owns its weights and frees them in its own Dispose.
    /// </summary>
    internal static void OwnWeights(this nn.Module module)
    {
        foreach (var parameter in module.parameters())
            parameter.DetachFromDisposeScope();
        foreach (var buffer in module.buffers())
            buffer.DetachFromDisposeScope();
    }
}
