using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lives. An index of -1 means the current one.</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public Device(string deviceType, int index = -1)
            : this(Parse(deviceType), index)
        {
        }

        /// <summary>From "cpu", "cuda" or "cuda:1".</summary>
        public Device(string description)
            : this(Parse(description.Split(':')[0]), IndexOf(description))
        {
        }

        /// <summary>The CUDA device of this number.</summary>
        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public DeviceType type { get; }

        public int index { get; }

        public override string ToString() =>
            index < 0 ? type.ToString().ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"{type.ToString().ToLowerInvariant()}:{index}");

        private static DeviceType Parse(string name) =>
            Enum.TryParse<DeviceType>(name, ignoreCase: true, out var type) && Enum.IsDefined(type) && !char.IsDigit(name[0])
                ? type
                : throw new ArgumentException($"'{name}' is no device type; use for example 'cpu' or 'cuda'.", nameof(name));

        private static int IndexOf(string description)
        {
            var parts = description.Split(':');
            if (parts.Length == 1)
                return -1;
            return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? index
                : throw new ArgumentException($"'{description}' is no device; use for example 'cpu' or 'cuda:0'.", nameof(description));
        }
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The device to use where none is named.</summary>
    public static Device InitializeDevice(Device? device)
    {
        var chosen = device ?? CPU;
        InitializeDeviceType(chosen.type);
        return chosen;
    }

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    /// <summary>Debian's libtorch knows the CPU, and the device of tensors without data.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType is DeviceType.CPU or DeviceType.META;

    public static partial class cuda
    {
        /// <summary>None: Debian's libtorch is built without CUDA.</summary>
        public static int device_count() => 0;
    }
}
