using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The kinds of values that cross to the bridge, numbered as there; the bridge has one more, for what is left away.</summary>
internal enum ValueKind
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    TensorList,
    String,
    Device,
    Generator,
}

/// <summary>An argument or a result of an operator, laid out as the bridge's Value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal ValueKind Kind;

    /// <summary>Elements of a list, bytes of a string, type of a device.</summary>
    internal int Count;

    /// <summary>A number, the bits of a double, or a pointer.</summary>
    internal long Bits;
}

/// <summary>What a tensor knows about itself, laid out as the bridge's Properties.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorProperties
{
    internal long Dimensions, Elements, ElementSize;
    internal int Type, DeviceType, DeviceIndex, RequiresGrad, IsContiguous;
}
