namespace TorchSharp;

public static partial class torch
{
    private static ScalarType defaultType = ScalarType.Float32;

    /// <summary>The type of tensors that are made without naming one.</summary>
    public static ScalarType get_default_dtype() => defaultType;
}
