using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>A small picture of a known shape, as floats.</summary>
public sealed class ShapeRow
{
    /// <summary>Name of the shape, the class.</summary>
    public string Name { get; set; } = "";

    /// <summary>Pixels [1, 12, 12] in [0, 1].</summary>
    [VectorType(ShapeRows.Side * ShapeRows.Side)]
    public float[] Image { get; set; } = [];
}
