using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML;

/// <summary>Warping of images in the catalog of <c>MLContext.Transforms</c>.</summary>
public static class WarpImagesCatalog
{
    /// <summary>Warps every image by the same parameters.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of warped images, <c>MLImage</c>.</param>
    /// <param name="parameters">The parameters theta: finite numbers, as many as the transformation has.</param>
    /// <param name="inputColumnName">The column of images, <c>MLImage</c>; null is <paramref name="outputColumnName"/>.</param>
    /// <param name="transformation">What the parameters stand for.</param>
    /// <param name="outputHeight">Height in pixels of the output; null is that of the input image.</param>
    /// <param name="outputWidth">Width in pixels of the output; null is that of the input image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the error names it.</exception>
    public static ImageWarpingEstimator WarpImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        float[] parameters,
        string? inputColumnName = null,
        TransformationKind transformation = TransformationKind.Affine,
        int? outputHeight = null,
        int? outputWidth = null) => catalog.WarpImages(new ImageWarpingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Transformation = transformation,
            Parameters = parameters,
            OutputHeight = outputHeight,
            OutputWidth = outputWidth,
        });

    /// <summary>Warps each image by the parameters that its row has in a column.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of warped images, <c>MLImage</c>.</param>
    /// <param name="parametersColumnName">The column of parameters theta: a float vector of as many values as the transformation has.</param>
    /// <param name="inputColumnName">The column of images, <c>MLImage</c>; null is <paramref name="outputColumnName"/>.</param>
    /// <param name="transformation">What the parameters stand for.</param>
    /// <param name="outputHeight">Height in pixels of the output; null is that of the input image.</param>
    /// <param name="outputWidth">Width in pixels of the output; null is that of the input image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the error names it.</exception>
    public static ImageWarpingEstimator WarpImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        string parametersColumnName,
        string? inputColumnName = null,
        TransformationKind transformation = TransformationKind.Affine,
        int? outputHeight = null,
        int? outputWidth = null) => catalog.WarpImages(new ImageWarpingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Transformation = transformation,
            ParametersColumnName = parametersColumnName,
            OutputHeight = outputHeight,
            OutputWidth = outputWidth,
        });

    /// <summary>Warps images at random while training, another way in each epoch, and passes them on unwarped when scoring: see <see cref="ImageWarpingTransformer"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of warped images, <c>MLImage</c>.</param>
    /// <param name="random">The ranges.</param>
    /// <param name="inputColumnName">The column of images, <c>MLImage</c>; null is <paramref name="outputColumnName"/>.</param>
    /// <param name="seed">Decides the warps; null takes a seed from <c>MLContext</c>.</param>
    /// <param name="outputHeight">Height in pixels of the output; null is that of the input image.</param>
    /// <param name="outputWidth">Width in pixels of the output; null is that of the input image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the error names it.</exception>
    public static ImageWarpingEstimator WarpImages(
        this TransformsCatalog catalog,
        string outputColumnName,
        RandomWarp random,
        string? inputColumnName = null,
        int? seed = null,
        int? outputHeight = null,
        int? outputWidth = null) => catalog.WarpImages(new ImageWarpingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Random = random,
            Seed = seed,
            OutputHeight = outputHeight,
            OutputWidth = outputWidth,
        });

    /// <summary>Warps images, with every knob.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public static ImageWarpingEstimator WarpImages(this TransformsCatalog catalog, ImageWarpingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ImageWarpingEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
