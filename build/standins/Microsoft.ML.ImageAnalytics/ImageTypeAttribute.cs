using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Declares that a member of a row class is a column of images.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false)]
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    public ImageTypeAttribute()
    {
    }

    public ImageTypeAttribute(int height, int width)
    {
        if (height <= 0)
        {
            throw new ArgumentException($"The height must be positive, not {height}.", nameof(height));
        }

        if (width <= 0)
        {
            throw new ArgumentException($"The width must be positive, not {width}.", nameof(width));
        }

        _height = height;
        _width = width;
    }

    public override bool Equals(DataViewTypeAttribute other)
        => other is ImageTypeAttribute image && _height == image._height && _width == image._width;

    public override int GetHashCode() => HashCode.Combine(_height, _width);

    public override void Register()
    {
        var type = _height == 0 ? new ImageDataViewType() : new ImageDataViewType(_height, _width);
        DataViewTypeManager.Register(type, typeof(MLImage), this);
    }
}
