using System.Globalization;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Chooses the device to train and score on.</summary>
internal static class TrainingDevice
{
    /// <summary>The device that options ask for, or else the environment.</summary>
    /// <exception cref="InvalidOperationException">The CUDA device is absent and there is no fallback, or torch's native library is missing.</exception>
    public static Device Choose(IHostEnvironment environment, int? gpuDeviceId, bool? fallbackToCpu)
    {
        var (contextGpu, contextFallback) = MlNetInternals.GpuSettingsOf(environment);
        var (device, warning) = Choose(gpuDeviceId ?? contextGpu, fallbackToCpu ?? contextFallback, () => NativeTorch.Call(cuda.device_count));
        if (warning is not null)
        {
            using var channel = environment.Start("Device");
            channel.Warning(MessageSensitivity.None, warning);
        }

        return device;
    }

    /// <summary>The rule by itself.</summary>
    /// <param name="gpuDeviceId">Index of a CUDA device; null is the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU will do where that device is absent.</param>
    /// <param name="cudaDevices">Counts the CUDA devices there are.</param>
    internal static (Device Device, string? Warning) Choose(int? gpuDeviceId, bool fallbackToCpu, Func<int> cudaDevices)
    {
        var count = cudaDevices();
        if (gpuDeviceId is not int index)
        {
            return (CPU, null);
        }

        if (index < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(gpuDeviceId), index, string.Create(CultureInfo.InvariantCulture, $"GpuDeviceId is {index}; it must be the index of a CUDA device, from 0, or null for the CPU."));
        }

        if (index < count)
        {
            return (new Device(TorchSharp.DeviceType.CUDA, index), null);
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"GpuDeviceId is {index}, but torch finds {count} CUDA devices.");
        return fallbackToCpu
            ? (CPU, what + " The CPU is used (FallbackToCpu).")
            : throw new InvalidOperationException(what + " Reference TorchSharp-cuda-windows or TorchSharp-cuda-linux on a machine with such a device, set FallbackToCpu, or set GpuDeviceId to null.");
    }
}
