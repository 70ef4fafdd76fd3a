using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Which colours of a pixel are taken, in which order, as what numbers.</summary>
internal sealed record PixelLayout(ImagePixelExtractingEstimator.ColorBits Colors, ImagePixelExtractingEstimator.ColorsOrder Order, bool IsInterleaved,
    float Offset, float Scale, bool IsFloat)
{
    public int Planes => BitOperations.PopCount((uint)Colors);

    public NumberDataViewType ItemType => IsFloat ? NumberDataViewType.Single : NumberDataViewType.Byte;

    public void Check()
    {
        if (Colors == 0 || (Colors & ~ImagePixelExtractingEstimator.ColorBits.All) != 0)
        {
            throw new ArgumentException($"At least one colour must be taken, and only known ones; '{Colors}' is not that.", "colorsToExtract");
        }

        if (!Enum.IsDefined(Order))
        {
            throw new ArgumentException($"There is no order of colours '{Order}'.", "orderOfExtraction");
        }

        if (!float.IsFinite(Offset))
        {
            throw new ArgumentException($"The offset must be finite, not {Offset}.", "offsetImage");
        }

        if (!float.IsFinite(Scale) || Scale == 0)
        {
            throw new ArgumentException($"The scale must be finite and not zero, not {Scale}.", "scaleImage");
        }
    }

    public VectorDataViewType TypeFor(ImageDataViewType image) =>
        IsInterleaved
            ? new VectorDataViewType(ItemType, image.Height, image.Width, Planes)
            : new VectorDataViewType(ItemType, Planes, image.Height, image.Width);

    /// <summary>The places of the colours taken among the bytes of a pixel, in order.</summary>
    public int[] BytesOf(MLPixelFormat format)
    {
        string bytes = format == MLPixelFormat.Bgra32 ? "BGRA" : "RGBA";
        return Order.ToString().Where(IsTaken).Select(color => bytes.IndexOf(color, StringComparison.Ordinal)).ToArray();
    }

    private bool IsTaken(char color) => (Colors & color switch
    {
        'A' => ImagePixelExtractingEstimator.ColorBits.Alpha,
        'R' => ImagePixelExtractingEstimator.ColorBits.Red,
        'G' => ImagePixelExtractingEstimator.ColorBits.Green,
        _ => ImagePixelExtractingEstimator.ColorBits.Blue,
    }) != 0;
}
