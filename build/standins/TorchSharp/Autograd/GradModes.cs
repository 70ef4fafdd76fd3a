using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => NativeMethods.bridge_grad_enabled() != 0;

    /// <summary>Whether operators of this thread record gradients, until disposed of.</summary>
    private sealed class GradMode(bool enabled) : IDisposable
    {
        private int before = NativeMethods.bridge_grad_mode(enabled ? 1 : 0);

        public void Dispose()
        {
            if (before >= 0)
                NativeMethods.bridge_grad_mode(before);
            before = -1;
        }
    }
}
