using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageLoadingTransformer), typeof(ImageLoadingTransformer), null, typeof(SignatureLoadModel), "Image Loader Transform",
    ImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Reads the files that a text column names, as images.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageLoaderTransform";

    public readonly string ImageFolder;

    internal ImageLoadingTransformer(IHostEnvironment env, string imageFolder, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(ImageLoadingTransformer)), columns)
    {
        ImageFolder = imageFolder;
    }

    private ImageLoadingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        ImageFolder = ctx.Reader.ReadBoolean() ? ctx.Reader.ReadString() : null;
    }

    internal static DataViewType OutputType { get; } = new ImageDataViewType();

    private protected override void CheckInputColumn(DataViewSchema.Column column, int pair)
    {
        if (column.Type is not TextDataViewType)
        {
            throw SchemaMismatch.WrongType("inputSchema", "input", column.Name, TextDataViewType.Instance.ToString(), column.Type.ToString());
        }
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        SaveColumns(ctx);
        ctx.Writer.Write(ImageFolder != null);
        if (ImageFolder != null)
        {
            ctx.Writer.Write(ImageFolder);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ImageLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        return new ImageLoadingTransformer(env.Register(nameof(ImageLoadingTransformer)), ctx);
    }

    private static VersionInfo Version() =>
        new("IMGLOASS", 0x00010001, 0x00010001, 0x00010001, typeof(ImageLoadingTransformer).Assembly.FullName, LoaderSignature);

    private sealed class Mapper(ImageLoadingTransformer parent, DataViewSchema schema) : OneToOneMapper(parent, schema)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source) => new(name, OutputType);

        protected override Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer)
        {
            disposer = null;
            ValueGetter<ReadOnlyMemory<char>> getter = input.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> name = default;
            return (ValueGetter<MLImage>)((ref MLImage destination) =>
            {
                destination?.Dispose();
                destination = null;
                getter(ref name);
                if (!name.IsEmpty)
                {
                    destination = MLImage.CreateFromFile(PathOf(name));
                }
            });
        }

        private string PathOf(ReadOnlyMemory<char> name) =>
            string.IsNullOrWhiteSpace(parent.ImageFolder) ? name.ToString() : Path.Combine(parent.ImageFolder, name.ToString());
    }
}
