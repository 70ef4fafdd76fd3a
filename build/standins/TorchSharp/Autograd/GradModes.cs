using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => NativeMethods.bridge_grad_mode(-1) != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => NativeMethods.bridge_is_inference_mode() != 0;

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

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = NativeMethods.bridge_inference_mode(enabled ? 1 : 0);

        public void Dispose()
        {
            NativeMethods.bridge_leave_inference_mode(guard);
            guard = 0;
        }
    }
}
