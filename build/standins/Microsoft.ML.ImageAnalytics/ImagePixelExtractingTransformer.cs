using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImagePixelExtractingTransformer), typeof(ImagePixelExtractingTransformer), null, typeof(SignatureLoadModel),
    "Image Pixel Extractor Transform", ImagePixelExtractingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of numbers of images of one size.</summary>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImagePixelExtractor";

    internal ImagePixelExtractingTransformer(IHostEnvironment env, (string OutputColumnName, string InputColumnName) column, PixelLayout layout)
        : base(env.Register(nameof(ImagePixelExtractingTransformer)), [column])
    {
        layout.Check();

        // Bytes come out as they are.
        Layout = layout.IsFloat ? layout : layout with { Offset = 0, Scale = 1 };
    }

    private ImagePixelExtractingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        BinaryReader reader = ctx.Reader;
        Layout = new PixelLayout(
            (ImagePixelExtractingEstimator.ColorBits)reader.ReadByte(),
            (ImagePixelExtractingEstimator.ColorsOrder)reader.ReadByte(),
            reader.ReadBoolean(),
            reader.ReadSingle(),
            reader.ReadSingle(),
            reader.ReadBoolean());
        Layout.Check();
    }

    internal PixelLayout Layout { get; }

    private protected override void CheckInputColumn(DataViewSchema.Column column, int pair)
    {
        ImageColumn.Check(column);
        if (((ImageDataViewType)column.Type).Height == 0)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, "known-size image", "unknown-size image");
        }
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        SaveColumns(ctx);
        ctx.Writer.Write((byte)Layout.Colors);
        ctx.Writer.Write((byte)Layout.Order);
        ctx.Writer.Write(Layout.IsInterleaved);
        ctx.Writer.Write(Layout.Offset);
        ctx.Writer.Write(Layout.Scale);
        ctx.Writer.Write(Layout.IsFloat);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ImagePixelExtractingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        return new ImagePixelExtractingTransformer(env.Register(nameof(ImagePixelExtractingTransformer)), ctx);
    }

    private static VersionInfo Version() =>
        new("IMGPXESS", 0x00010001, 0x00010001, 0x00010001, typeof(ImagePixelExtractingTransformer).Assembly.FullName, LoaderSignature);

    private sealed class Mapper(ImagePixelExtractingTransformer parent, DataViewSchema schema) : OneToOneMapper(parent, schema)
    {
        private readonly PixelLayout _layout = parent.Layout;

        protected override DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source) =>
            new(name, _layout.TypeFor((ImageDataViewType)source.Type));

        protected override Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer) =>
            _layout.IsFloat
                ? MakeGetter<float>(input, source, value => (value - _layout.Offset) * _layout.Scale, out disposer)
                : MakeGetter<byte>(input, source, value => value, out disposer);

        private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input, DataViewSchema.Column source, Func<byte, T> convert, out Action disposer)
        {
            var type = (ImageDataViewType)source.Type;
            T[] converted = Enumerable.Range(0, 256).Select(value => convert((byte)value)).ToArray();
            int pixelCount = type.Height * type.Width;
            int pixelStep = _layout.IsInterleaved ? _layout.Planes : 1;
            int planeStep = _layout.IsInterleaved ? 1 : pixelCount;

            ValueGetter<MLImage> getter = input.GetGetter<MLImage>(source);
            MLImage image = null;
            disposer = () => image?.Dispose();
            return (ref VBuffer<T> destination) =>
            {
                getter(ref image);
                VBufferEditor<T> editor = VBufferEditor.Create(ref destination, _layout.Planes * pixelCount);
                if (image == null)
                {
                    editor.Values.Clear();
                    destination = editor.Commit();
                    return;
                }

                if (image.Width != type.Width || image.Height != type.Height)
                {
                    throw new InvalidOperationException(
                        $"The column '{source.Name}' promises images of {type.Width}x{type.Height} and gives one of {image.Width}x{image.Height}.");
                }

                ReadOnlySpan<byte> pixels = image.Pixels;
                int[] bytes = _layout.BytesOf(image.PixelFormat);
                for (int plane = 0; plane < bytes.Length; plane++)
                {
                    int from = bytes[plane];
                    int to = plane * planeStep;
                    for (int i = 0; i < pixelCount; i++, from += 4, to += pixelStep)
                    {
                        editor.Values[to] = converted[pixels[from]];
                    }
                }

                destination = editor.Commit();
            };
        }
    }
}
