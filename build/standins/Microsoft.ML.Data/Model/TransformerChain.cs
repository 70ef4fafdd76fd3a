using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(TransformerChain<ITransformer>), typeof(TransformerChain), null, typeof(SignatureLoadModel), "Transformer chain",
    TransformerChain.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>How chains of transformers lie in a model file: a count, then a scope and a model each.</summary>
internal static class TransformerChain
{
    public const string LoaderSignature = "TransformerChain";

    public static void Save(ModelSaveContext ctx, ITransformer[] transformers, TransformerScope[] scopes)
    {
        ctx.SetVersionInfo(Version());
        ctx.Writer.Write(transformers.Length);
        for (int i = 0; i < transformers.Length; i++)
        {
            ctx.Writer.Write((int)scopes[i]);
            ctx.SaveModel(transformers[i], DirectoryOf(i));
        }
    }

    private static TransformerChain<ITransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        int count = ctx.Reader.ReadInt32();
        var transformers = new List<ITransformer>();
        var scopes = new List<TransformerScope>();
        for (int i = 0; i < count; i++)
        {
            scopes.Add((TransformerScope)ctx.Reader.ReadInt32());
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out ITransformer transformer, DirectoryOf(i));
            transformers.Add(transformer);
        }

        return new TransformerChain<ITransformer>(transformers, scopes);
    }

    private static VersionInfo Version() =>
        new("CHAINTSS", 0x00010001, 0x00010001, 0x00010001, typeof(TransformerChain).Assembly.FullName, LoaderSignature);

    private static string DirectoryOf(int index) => $"Transform_{index:000}";
}

public sealed partial class TransformerChain<TLastTransformer>
{
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        TransformerChain.Save(ctx, _transformers, _scopes);
    }
}
