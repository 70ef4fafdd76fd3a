using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads the image of a row into float planes [C, H, W]. Belongs to one row or cursor.</summary>
internal abstract class ImageReader : IDisposable
{
    /// <summary>Makes the reader of a row's image column.</summary>
    /// <param name="row">A row or cursor in which the column is active.</param>
    /// <param name="column">The column, of a type that <see cref="ImageColumn"/> accepted.</param>
    /// <param name="shape">What the network reads.</param>
    /// <param name="resizing">What to do with an image of another size.</param>
    public static ImageReader Create(DataViewRow row, DataViewSchema.Column column, ImageShape shape, ImageResizing resizing) => column.Type is VectorDataViewType
        ? new OfVector(row.GetGetter<VBuffer<float>>(column), shape)
        : new OfImage(row.GetGetter<MLImage>(column), shape, resizing);

    /// <summary>Makes the reader of one image, which stays its owner's.</summary>
    public static ImageReader Of(MLImage image, ImageShape shape, ImageResizing resizing) => new OfImage((ref MLImage value) => value = image, shape, resizing);

    /// <summary>Reads the image of the row as it stands now.</summary>
    /// <returns>The size it had before it was resized.</returns>
    /// <exception cref="InvalidDataException">There is no image, its size is refused, or it holds a value that is not finite.</exception>
    public abstract ImageSize Read(Span<float> planes);

    /// <summary>Looks at the image of the row as it stands, and refuses what <see cref="Read"/> refuses.</summary>
    /// <returns>Its size.</returns>
    /// <exception cref="InvalidDataException">There is no image, its size is refused, or it holds a value that is not finite.</exception>
    public abstract ImageSize Measure();

    public virtual void Dispose()
    {
    }

    private sealed class OfVector(ValueGetter<VBuffer<float>> getter, ImageShape shape) : ImageReader
    {
        private VBuffer<float> _values;
        private float[]? _planes;

        public override ImageSize Read(Span<float> planes)
        {
            getter(ref _values);
            if (_values.Length != shape.Length)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the vector holds {_values.Length} values where {shape} = {shape.Length} are needed"));
            }

            _values.CopyTo(planes);
            CheckFinite(planes);
            return new ImageSize(shape.Height, shape.Width);
        }

        public override ImageSize Measure()
        {
            _planes ??= new float[shape.Length];
            return Read(_planes);
        }

        private void CheckFinite(ReadOnlySpan<float> values)
        {
            // v - v is 0 for a finite v and NaN otherwise, so one sum tells for all.
            var sums = Vector<float>.Zero;
            var i = 0;
            for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var some = new Vector<float>(values[i..]);
                sums += some - some;
            }

            var sum = Vector.Sum(sums);
            for (; i < values.Length; i++)
            {
                sum += values[i] - values[i];
            }

            if (sum != 0)
            {
                var at = 0;
                while (float.IsFinite(values[at]))
                {
                    at++;
                }

                var area = shape.Height * shape.Width;
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the value at channel {at / area}, row {at % area / shape.Width}, column {at % shape.Width} is {values[at]}"));
            }
        }
    }

    private sealed class OfImage(ValueGetter<MLImage> getter, ImageShape shape, ImageResizing resizing) : ImageReader
    {
        private readonly ImageSource _source = new(getter);
        private readonly ImageResampler _resampler = new();
        private float[] _full = [];

        public override ImageSize Read(Span<float> planes)
        {
            var image = Take();
            var size = new ImageSize(image.Height, image.Width);
            if (size == new ImageSize(shape.Height, shape.Width))
            {
                ImagePixels.ToPlanes(image, shape.Channels, planes);
                return size;
            }

            var length = shape.Channels * image.Height * image.Width;
            if (_full.Length < length)
            {
                _full = new float[length];
            }

            ImagePixels.ToPlanes(image, shape.Channels, _full);
            _resampler.Resize(_full.AsSpan(0, length), ImagePlacement.Of(size, shape, resizing), planes, shape);
            return size;
        }

        public override ImageSize Measure()
        {
            var image = Take();
            ImagePixels.Check(image);
            return new ImageSize(image.Height, image.Width);
        }

        public override void Dispose()
        {
            _source.Dispose();
            base.Dispose();
        }

        private MLImage Take()
        {
            var image = _source.Take() ?? throw new InvalidDataException("there is no image");
            return resizing != ImageResizing.Refuse || (image.Height, image.Width) == (shape.Height, shape.Width)
                ? image
                : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the image is {image.Height} high and {image.Width} wide where {shape.Height} and {shape.Width} are needed and option Resizing is {ImageResizing.Refuse}"));
        }
    }
}
