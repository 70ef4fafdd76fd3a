using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

/// <summary>Arguments of the poolings of RoIs, checked before anything is read.</summary>
internal static class RoICheck
{
    /// <summary>RoIs may reach so many pixels of the feature map from its corner.</summary>
    private const double Farthest = 65536;

    /// <summary>Along an axis an RoI may have so many bins.</summary>
    private const long MostBins = 4096;

    /// <summary>Along an axis a bin may have so many samples.</summary>
    private const long MostSamples = 1024;

    /// <summary>Refuses pictures and RoIs that cannot be pooled; the values of the RoIs, row by row.</summary>
    internal static double[] RoIs(Tensor input, Tensor rois, double spatialScale)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(rois);
        var shape = input.shape;
        if (shape is not [_, _, > 0, > 0])
            throw new ArgumentException($"input has shape {TensorCheck.Describe(shape)}; [N, C, H, W] with H and W at least 1 is needed.", nameof(input));
        if (rois.shape is not [_, RoIPooling.Columns])
        {
            throw new ArgumentException(
                $"rois has shape {TensorCheck.Describe(rois.shape)}; [K, {RoIPooling.Columns}] with rows of picture, x1, y1, x2, y2 is needed.", nameof(rois));
        }

        TensorCheck.FloatingPoint(input, nameof(input));
        TensorCheck.Alike(rois, nameof(rois), input, nameof(input));
        Scale(spatialScale);

        var values = TensorCheck.Elements(rois);
        for (var row = 0; row < values.Length / RoIPooling.Columns; row++)
        {
            var roi = values.AsSpan(row * RoIPooling.Columns, RoIPooling.Columns);
            if (!(roi[0] >= 0 && roi[0] < shape[0] && roi[0] == Math.Floor(roi[0])))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"row {row} of rois is of picture {roi[0]}; a whole number of at least 0 and below {shape[0]}, the pictures of input, is needed."),
                    nameof(rois));
            }

            for (var i = 1; i < RoIPooling.Columns; i++)
            {
                if (!(Math.Abs(roi[i]) * spatialScale <= Farthest))
                {
                    var most = Farthest / spatialScale;
                    throw new ArgumentException(
                        FormattableString.Invariant($"row {row} of rois has the coordinate {roi[i]}; at most {most} on either side of 0, {Farthest} pixels of the map, is needed."),
                        nameof(rois));
                }
            }
        }

        return values;
    }

    /// <summary>Refuses a scale from the image to the feature map that is none in the kernels' precision.</summary>
    internal static void Scale(double spatialScale)
    {
        if (!((float)spatialScale > 0 && float.IsFinite((float)spatialScale)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(spatialScale), spatialScale, FormattableString.Invariant($"spatialScale is {spatialScale}; it must be a finite number above 0 in single precision."));
        }
    }

    /// <summary>Refuses a number of bins, groups or parts that is none, or too large.</summary>
    internal static void Bins(long bins, string argument)
    {
        TensorCheck.Positive(bins, argument);
        if (bins > MostBins)
            throw new ArgumentOutOfRangeException(argument, bins, $"{argument} is {bins}; it must be at most {MostBins}.");
    }

    /// <summary>Refuses a number of samples that is too large.</summary>
    internal static void Samples(long samples, string argument)
    {
        if (samples > MostSamples)
            throw new ArgumentOutOfRangeException(argument, samples, $"{argument} is {samples}; it must be at most {MostSamples}.");
    }

    /// <summary>The channels of the output of a position-sensitive pooling; refuses an input whose channels are not so many times the groups.</summary>
    internal static int OutputChannels(Tensor input, long groupRows, long groupColumns)
    {
        var channels = input.shape[1];
        var groups = groupRows * groupColumns;
        return channels % groups == 0
            ? (int)(channels / groups)
            : throw new ArgumentException($"input has {channels} channels; a multiple of {groupRows}·{groupColumns} = {groups}, the number of bins, is needed.", nameof(input));
    }

    /// <summary>Refuses offsets of another shape, type or device than needed.</summary>
    internal static void Offsets(Tensor offsets, Tensor input, params long[] shape)
    {
        if (!offsets.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"offsets has shape {TensorCheck.Describe(offsets.shape)}; {TensorCheck.Describe(shape)} is needed.", nameof(offsets));
        TensorCheck.Alike(offsets, nameof(offsets), input, nameof(input));
    }

    /// <summary>Refuses a factor of the offsets that is no number in the kernels' precision.</summary>
    internal static void OffsetScale(double scale, string argument)
    {
        if (!float.IsFinite((float)scale))
            throw new ArgumentOutOfRangeException(argument, scale, FormattableString.Invariant($"{argument} is {scale}; it must be a finite number in single precision."));
    }
}
