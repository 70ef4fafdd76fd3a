namespace Microsoft.ML.Spatial.Modules;

/// <summary>The networks of Jaderberg et al. 2015, sections 4.1 and 4.2. The numbers are part of the model file.</summary>
public enum SpatialArchitecture
{
    /// <summary>A fully connected classifier.</summary>
    Fcn = 0,

    /// <summary>A convolutional classifier.</summary>
    Cnn = 1,

    /// <summary>A spatial transformer with a fully connected localisation network before a fully connected classifier.</summary>
    StFcn = 2,

    /// <summary>A spatial transformer with a convolutional localisation network before a convolutional classifier.</summary>
    StCnn = 3,

    /// <summary>
    /// A spatial transformer before each convolution of a convolutional classifier, on the input and on each feature map, with small fully connected
    /// localisation networks (the 'multi' network of section 4.2).
    /// </summary>
    StCnnMulti = 4,
}
