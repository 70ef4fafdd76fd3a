using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp;

/// <summary>Moves and converts modules without losing their type.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, Device device, ScalarType type, bool non_blocking = false)
        where T : Module => (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false)
        where T : Module => (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, Device device, bool non_blocking = false)
        where T : Module => (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false)
        where T : Module => module.to(new Device(device), non_blocking);

    public static T to<T>(this T module, ScalarType type, bool non_blocking = false)
        where T : Module => (T)module._to(type, non_blocking);

    public static T to<T>(this T module, Tensor other, bool non_blocking = false)
        where T : Module => (T)module._to(other, non_blocking);
}
