namespace Microsoft.ML.Spatial.Functional.Kernels;

/// <summary>How bins are divided into samples.</summary>
/// <param name="Convention">Where RoIs and samples lie.</param>
/// <param name="SpatialScale">Pixels of the feature map to one of the image.</param>
/// <param name="SamplingRatio">Samples of a bin along each axis; 0 or less for as many as it has pixels, rounded up.</param>
/// <param name="OffsetScale">RoI sizes to one unit of an offset.</param>
internal sealed record RoILattice(RoIConvention Convention, double SpatialScale, int SamplingRatio, double OffsetScale = 0)
{
    public bool IsCornered => Convention == RoIConvention.Cornered;

    /// <summary>Samples so many pixels outside the centres of the outermost pixels are still read, from those pixels.</summary>
    public double Reach => IsCornered ? 0.5 : 1;

    /// <summary>Where in its part of a bin a sample lies, from 0 to 1.</summary>
    public double Phase => IsCornered ? 0 : 0.5;

    /// <summary>The coordinate of the feature map's edge, in pixels from the centre of the first.</summary>
    public double Origin => Convention == RoIConvention.Plain ? 0 : -0.5;

    /// <summary>The least side of an RoI on the feature map.</summary>
    public double LeastSize => Convention switch
    {
        RoIConvention.Plain => 1,
        RoIConvention.Aligned => double.NegativeInfinity,
        _ => 0.1,
    };
}
