using TorchSharp;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Calls torch where its native library may be missing.</summary>
internal static class NativeTorch
{
    /// <summary>Says which package to add where the native library cannot be loaded.</summary>
    public static void Require() => Call(torch.cuda.device_count);

    /// <summary>Calls, and says which package to add where the native library cannot be loaded.</summary>
    public static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new InvalidOperationException("The native library of torch cannot be loaded. Add the package TorchSharp-cpu (or TorchSharp-cuda-windows, TorchSharp-cuda-linux) to the application, of the same version as TorchSharp.", error);
        }
    }
}
