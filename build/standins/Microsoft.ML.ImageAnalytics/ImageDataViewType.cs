using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of a column of images; of one size if Height and Width are not zero.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    public readonly int Height;
    public readonly int Width;

    public ImageDataViewType(int height, int width)
        : base(typeof(MLImage))
    {
        if (height <= 0)
        {
            throw new ArgumentException($"The height must be positive, not {height}.", nameof(height));
        }

        if (width <= 0)
        {
            throw new ArgumentException($"The width must be positive, not {width}.", nameof(width));
        }

        if ((long)height * width > int.MaxValue / 4)
        {
            throw new ArgumentException($"An image of {height}x{width} is too large.", nameof(height));
        }

        Height = height;
        Width = width;
    }

    public ImageDataViewType()
        : base(typeof(MLImage))
    {
    }

    public override bool Equals(DataViewType other)
        => other is ImageDataViewType image && Height == image.Height && Width == image.Width;

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override string ToString() => Height == 0 && Width == 0 ? "Image" : $"Image<{Height}, {Width}>";
}
