using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageGrayscalingTransformer), typeof(ImageGrayscalingTransformer), null, typeof(SignatureLoadModel),
    "Image Greyscale Transform", ImageGrayscalingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Takes the colour out of images.</summary>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageGrayscaleTransform";

    internal ImageGrayscalingTransformer(IHostEnvironment env, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(env.Register(nameof(ImageGrayscalingTransformer)), columns)
    {
    }

    private ImageGrayscalingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private protected override void CheckInputColumn(DataViewSchema.Column column, int pair) => ImageColumn.Check(column);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version());
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private static ImageGrayscalingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        return new ImageGrayscalingTransformer(env.Register(nameof(ImageGrayscalingTransformer)), ctx);
    }

    private static VersionInfo Version() =>
        new("IMGGRASS", 0x00010001, 0x00010001, 0x00010001, typeof(ImageGrayscalingTransformer).Assembly.FullName, LoaderSignature);

    private sealed class Mapper(ImageGrayscalingTransformer parent, DataViewSchema schema) : OneToOneMapper(parent, schema)
    {
        protected override DataViewSchema.DetachedColumn MakeColumn(string name, int pair, DataViewSchema.Column source) => new(name, source.Type);

        protected override Delegate MakeGetter(DataViewRow input, int pair, DataViewSchema.Column source, out Action disposer) =>
            ImageColumn.MapImage(input, source, image => image.ToGrayscale(), out disposer);
    }
}
