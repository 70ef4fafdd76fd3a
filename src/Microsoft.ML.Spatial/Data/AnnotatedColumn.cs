using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Data;

/// <summary>A column of a view of annotated images.</summary>
/// <typeparam name="TImage">What a row is.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="type">Its type.</param>
/// <param name="annotations">Its annotations; null is none.</param>
internal abstract class AnnotatedColumn<TImage>(string name, DataViewType type, DataViewSchema.Annotations? annotations)
    where TImage : AnnotatedImage
{
    public string Name => name;

    public DataViewType Type => type;

    public DataViewSchema.Annotations? Annotations => annotations;

    public static AnnotatedColumn<TImage> Value<T>(string name, PrimitiveDataViewType type, Func<TImage, T> value) => new OfValue<T>(name, type, value);

    public static AnnotatedColumn<TImage> Vector<T>(string name, PrimitiveDataViewType item, Func<TImage, T[]> values, DataViewSchema.Annotations? annotations = null) =>
        new OfVector<T>(name, item, values, annotations);

    /// <summary>A column of the images themselves, decoded each time that one is asked for.</summary>
    public static AnnotatedColumn<TImage> Image(string name) => new OfImage(name);

    /// <summary>A getter of the column.</summary>
    /// <param name="row">The row or cursor that reads.</param>
    /// <param name="current">The image at which it stands.</param>
    public abstract Delegate Getter(DataViewRow row, Func<TImage> current);

    private sealed class OfValue<T>(string name, PrimitiveDataViewType type, Func<TImage, T> value) : AnnotatedColumn<TImage>(name, type, null)
    {
        public override Delegate Getter(DataViewRow row, Func<TImage> current) => (ValueGetter<T>)((ref T target) => target = value(current()));
    }

    private sealed class OfVector<T>(string name, PrimitiveDataViewType item, Func<TImage, T[]> values, DataViewSchema.Annotations? annotations)
        : AnnotatedColumn<TImage>(name, new VectorDataViewType(item), annotations)
    {
        public override Delegate Getter(DataViewRow row, Func<TImage> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
        {
            var source = values(current());
            var editor = VBufferEditor.Create(ref target, source.Length);
            source.CopyTo(editor.Values);
            target = editor.Commit();
        });
    }

    private sealed class OfImage(string name) : AnnotatedColumn<TImage>(name, new ImageDataViewType(), null)
    {
        public override Delegate Getter(DataViewRow row, Func<TImage> current) => (ValueGetter<MLImage>)((ref MLImage target) =>
        {
            var image = Decode(row, current());
            target?.Dispose();
            target = image;
        });

        /// <summary>Boxes in the pixels of an image of another size would be wrong, so that is an error.</summary>
        private MLImage Decode(DataViewRow row, TImage annotated)
        {
            MLImage image;
            try
            {
                image = MLImage.CreateFromFile(annotated.Path);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                throw RowError.Of(Name, row, new InvalidDataException($"'{annotated.Path}' cannot be read as an image: {error.Message}", error));
            }

            var (width, height) = (image.Width, image.Height);
            if ((width, height) == (annotated.Width, annotated.Height))
            {
                return image;
            }

            image.Dispose();
            throw RowError.Of(Name, row, new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{annotated.Path}' is {width} wide and {height} high, but its annotation says {annotated.Width} and {annotated.Height}")));
        }
    }
}
