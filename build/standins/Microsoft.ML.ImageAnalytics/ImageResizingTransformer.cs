using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageResizingTransformer), typeof(ImageResizingTransformer), null, typeof(SignatureLoadModel), "Image Resizer Transform",
    ImageResizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageScalerTransform";

    private readonly ImageResizingEstimator.ResizingKind _resizing;
    private readonly ImageResizingEstimator.Anchor _anchor;

    internal ImageResizingTransformer(IHostEnvironment env, string outputColumnName, int imageWidth, int imageHeight, string inputColumnName,
        ImageResizingEstimator.ResizingKind resizing, ImageResizingEstimator.Anchor cropAnchor)
        : base(env.Register(nameof(ImageResizingTransformer)), [(outputColumnName, inputColumnName)])
    {
        if (!Enum.IsDefined(resizing))
        {
            throw new ArgumentOutOfRangeException(nameof(resizing), resizing, "There is no such way of resizing.");
        }

        if (!Enum.IsDefined(cropAnchor))
        {
            throw new ArgumentOutOfRangeException(nameof(cropAnchor), cropAnchor, "There is no such anchor.");
        }

        OutputType = new ImageDataViewType(imageHeight, imageWidth);
        _resizing = resizing;
        _anchor = cropAnchor;
    }

    private ImageResizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        int height = ctx.Reader.ReadInt32();
        OutputType = new ImageDataViewType(height, ctx.Reader.ReadInt32());
        _resizing = (ImageResizingEstimator.ResizingKind)ctx.Reader.ReadByte();
        _anchor = (ImageResizingEstimator.Anchor)ctx.Reader.ReadByte();
    }

    internal ImageDataViewType OutputType { get; }

    private protected override void CheckInputColumn(DataViewSchema.Column column, int pair) => ImageColumn.Check(column);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        SaveColumns(ctx);
        ctx.Writer.Write(OutputType.Height);
        ctx.Writer.Write(OutputType.Width);
        ctx.Writer.Write((byte)_resizing);
        ctx.Writer.Write((byte)_anchor);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ImageResizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        return new ImageResizingTransformer(env.Register(nameof(ImageResizingTransformer)), ctx);
    }

    private static VersionInfo Version() =>
        new("IMGSCASS", 0x00010001, 0x00010001, 0x00010001, typeof(ImageResizingTransformer).Assembly.FullName, LoaderSignature);

    private MLImage Resize(MLImage image)
    {
        int width = OutputType.Width;
        int height = OutputType.Height;
        if (_resizing == ImageResizingEstimator.ResizingKind.Fill)
        {
            return image.Stretch(width, height);
        }

        float widthRatio = (float)width / image.Width;
        float heightRatio = (float)height / image.Height;
        bool pads = _resizing == ImageResizingEstimator.ResizingKind.IsoPad;
        float ratio = pads ? Math.Min(widthRatio, heightRatio) : Math.Max(widthRatio, heightRatio);
        int scaledWidth = Math.Max(1, (int)(image.Width * ratio));
        int scaledHeight = Math.Max(1, (int)(image.Height * ratio));

        // Negative when cropping.
        float spareWidth = width - (image.Width * ratio);
        float spareHeight = height - (image.Height * ratio);
        int left = (int)(spareWidth / 2);
        int top = (int)(spareHeight / 2);
        if (!pads)
        {
            switch (_anchor)
            {
                case ImageResizingEstimator.Anchor.Left:
                    left = 0;
                    break;
                case ImageResizingEstimator.Anchor.Right:
                    left = (int)spareWidth;
                    break;
                case ImageResizingEstimator.Anchor.Top:
                    top = 0;
                    break;
                case ImageResizingEstimator.Anchor.Bottom:
                    top = (int)spareHeight;
                    break;
            }
        }

        return image.ScaleOnto(width, height, left, top, scaledWidth, scaledHeight);
    }

    private sealed class Mapper(ImageResizingTransformer parent, DataViewSchema schema) : OneToOneMapper(parent, schema)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source) => new(name, parent.OutputType);

        /// <summary>An image that has the size already is handed on as it is, and disposed when the next is read, as upstream does.</summary>
        protected override Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer)
        {
            ValueGetter<MLImage> getter = input.GetGetter<MLImage>(source);
            MLImage image = null;
            disposer = () => image?.Dispose();
            return (ValueGetter<MLImage>)((ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getter(ref image);
                if (image == null)
                {
                    return;
                }

                if (image.Width == parent.OutputType.Width && image.Height == parent.OutputType.Height)
                {
                    destination = image;
                }
                else
                {
                    destination = parent.Resize(image);
                }
            });
        }
    }
}
