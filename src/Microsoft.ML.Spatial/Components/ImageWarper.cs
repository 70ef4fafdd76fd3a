using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Warps images one at a time, from several threads at once.</summary>
internal sealed class ImageWarper
{
    /// <summary>The theta of <see cref="TransformationKind.Affine"/> that leaves every point where it is.</summary>
    private static readonly float[] Identity = [1, 0, 0, 0, 1, 0];

    private readonly ThinPlateSpline? _spline;

    /// <exception cref="InvalidOperationException">The native library of torch is missing.</exception>
    public ImageWarper(ImageWarpingSettings settings)
    {
        Settings = settings;
        _spline = settings.Transformation == TransformationKind.ThinPlateSpline ? new ThinPlateSpline(settings.ControlPointsPerSide, settings.ControlPointsPerSide) : null;
        NativeTorch.Require();
    }

    public ImageWarpingSettings Settings { get; }

    /// <summary>Makes a new image of an image.</summary>
    /// <param name="image">The image; it is left as it is.</param>
    /// <param name="theta">Finite parameters; null brings the image to the output's size and does not warp it.</param>
    /// <returns>An opaque image of the same pixel format.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The new image is too large.</exception>
    /// <exception cref="NotSupportedException">The image is of another pixel format than Bgra32 and Rgba32.</exception>
    public MLImage Warp(MLImage image, float[]? theta)
    {
        var from = new ImageShape(ImageWarpingSettings.Colours, image.Height, image.Width);
        var to = new ImageShape(from.Channels, Settings.OutputHeight ?? from.Height, Settings.OutputWidth ?? from.Width);
        if (theta is null && from == to)
        {
            return ImagePixels.Opaque(image);
        }

        ImageWarpingSettings.CheckArea(to);
        var planes = new float[from.Length];
        ImagePixels.ToPlanes(image, from.Channels, planes);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = TensorFactory.FromArray<float>(planes, [1, from.Channels, from.Height, from.Width], CPU);
        var (kind, values) = theta is null ? (TransformationKind.Affine, Identity) : (Settings.Transformation, theta);
        var parameters = TensorFactory.FromArray<float>(values, [1, values.Length], CPU);
        var warped = kind switch
        {
            TransformationKind.Affine => SpatialOps.AffineWarp(input, parameters, to.Height, to.Width, Settings.Sampling, Settings.Padding),
            TransformationKind.Attention => SpatialOps.AttentionWarp(input, parameters, to.Height, to.Width, Settings.Sampling, Settings.Padding),
            TransformationKind.Projective => SpatialOps.ProjectiveWarp(input, parameters, to.Height, to.Width, Settings.Sampling, Settings.Padding),
            TransformationKind.ThinPlateSpline => SpatialOps.ThinPlateSplineWarp(input, parameters, _spline!, to.Height, to.Width, Settings.Sampling, Settings.Padding),
            _ => throw GridGenerator.UnknownKind(kind),
        };
        return ImagePixels.FromPlanes(MemoryMarshal.Cast<byte, float>(warped.contiguous().bytes), to, image.PixelFormat);
    }
}
