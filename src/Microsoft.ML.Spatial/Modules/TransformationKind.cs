namespace Microsoft.ML.Spatial.Modules;

/// <summary>The family of transformations a spatial transformer chooses from. The numbers are part of the model file.</summary>
public enum TransformationKind
{
    /// <summary>Six parameters, a 2x3 matrix: translation, rotation, scale and shear (Jaderberg et al. 2015, equation 1).</summary>
    Affine = 0,

    /// <summary>Three parameters s, tx, ty: crop, translation and isotropic scale (Jaderberg et al. 2015, equation 2).</summary>
    Attention = 1,

    /// <summary>Eight parameters, a homography: an affine transformation with perspective (Jaderberg et al. 2015, section 3.2).</summary>
    Projective = 2,

    /// <summary>Two parameters, (x, y), for each of a regular grid of control points: a smooth bend through all of them (Jaderberg et al. 2015, section 3.2).</summary>
    ThinPlateSpline = 3,
}
