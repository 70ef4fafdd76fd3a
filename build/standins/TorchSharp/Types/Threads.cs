using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static int get_num_threads() => NativeMethods.bridge_threads();

    /// <summary>Binds libtorch and its BLAS, for every calling thread.</summary>
    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.bridge_set_threads(num));

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Current.Open();
}
