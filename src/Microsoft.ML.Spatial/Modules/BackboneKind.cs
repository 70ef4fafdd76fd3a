namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a detector looks at images with.</summary>
public enum BackboneKind
{
    /// <summary>Six 3x3 convolutions of stride 8 in all, which train from scratch on two cores.</summary>
    Compact,

    /// <summary>The residual network of 18 layers (He et al. 2016, arXiv 1512.03385); so for the next three. They want weights that were trained before.</summary>
    ResNet18,

    /// <summary>Of 34 layers.</summary>
    ResNet34,

    /// <summary>Of 50 layers.</summary>
    ResNet50,

    /// <summary>Of 101 layers.</summary>
    ResNet101,
}
