using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(CustomMappingLoader), null, typeof(SignatureLoadModel), "", CustomMappingLoader.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>A custom mapping in a model file: the name of its contract and the assembly that has the factory.</summary>
internal static class CustomMappingLoader
{
    public const string LoaderSignature = "CustomTransformer";

    public static void Save(ModelSaveContext ctx, string contractName, Assembly assembly)
    {
        if (string.IsNullOrEmpty(contractName))
        {
            throw new InvalidOperationException("A custom mapping without a contract name cannot be saved: give it one, and mark its factory with it.");
        }

        ctx.SetVersionInfo(Version());
        ctx.Writer.Write(contractName);
        ctx.Writer.Write(assembly.FullName);
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        string contractName = ctx.Reader.ReadString();
        env.ComponentCatalog.RegisterAssembly(Assembly.Load(ctx.Reader.ReadString()));
        object extension = env.ComponentCatalog.GetExtensionValue(typeof(CustomMappingFactoryAttributeAttribute), contractName);
        return extension is ICustomMappingFactory factory
            ? factory.CreateTransformer(env, contractName)
            : throw ModelError.Mark(new InvalidOperationException(
                $"The class with the contract name '{contractName}' is a {extension.GetType()}; it must derive from CustomMappingFactory."));
    }

    private static VersionInfo Version() =>
        new("CUSTOMSS", 0x00010001, 0x00010001, 0x00010001, typeof(CustomMappingLoader).Assembly.FullName, LoaderSignature);
}
