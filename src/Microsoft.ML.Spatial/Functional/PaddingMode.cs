namespace Microsoft.ML.Spatial.Functional;

/// <summary>What is read outside the picture.</summary>
public enum PaddingMode
{
    /// <summary>Zero.</summary>
    Zeros = 0,

    /// <summary>The nearest pixel of the border.</summary>
    Border = 1,

    /// <summary>
    /// The picture mirrored at its border: at the centres of the outermost pixels with <c>alignCorners</c>, at their outer edges without.
    /// </summary>
    Reflection = 2,
}
