using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The place of one model in a model file being read.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public readonly RepositoryReader Repository;

    public readonly string Directory;

    /// <summary>The data of the model's main stream, behind its header.</summary>
    public readonly BinaryReader Reader;

    public readonly ModelHeader Header;

    private ModelLoadContext(RepositoryReader repository, string directory, Stream main)
    {
        Repository = repository;
        Directory = directory;
        Reader = new BinaryReader(main, Encoding.UTF8);
        Header = ModelHeader.Read(Reader);
    }

    public void CheckAtModel(VersionInfo ver) => Header.Check(ver);

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        if (action == null)
        {
            throw new ArgumentNullException(nameof(action));
        }

        var content = Repository.OpenEntryOrNull(Directory, name);
        if (content == null)
        {
            return false;
        }

        using (var reader = new BinaryReader(content, Encoding.UTF8))
        {
            action(reader);
        }

        return true;
    }

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
        => LoadModel<TRes, TSig>(env, out result, Repository, RepositoryPath.Combine(Directory, name), extra);

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader repository, string directory, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, repository, directory, extra))
        {
            throw ModelError.Decode($"The model file is damaged: it holds no model '{directory}'.");
        }
    }

    /// <summary>False if there is no such model; a model that cannot be loaded is an error.</summary>
    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader repository, string directory, params object[] extra)
        where TRes : class
    {
        var main = repository.OpenEntryOrNull(directory, ModelSaveContext.MainStreamName);
        if (main == null)
        {
            result = null;
            return false;
        }

        using (var context = new ModelLoadContext(repository, directory, main))
        {
            result = context.Create<TRes, TSig>(env, extra);
        }

        return true;
    }

    private TRes Create<TRes, TSig>(IHostEnvironment env, object[] extra)
        where TRes : class
    {
        if (!string.IsNullOrEmpty(Header.LoaderAssemblyName))
        {
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(Header.LoaderAssemblyName));
        }

        var arguments = new object[extra.Length + 1];
        arguments[0] = this;
        extra.CopyTo(arguments, 1);
        foreach (string signature in new[] { Header.LoaderSignature, Header.LoaderSignatureAlt })
        {
            if (string.IsNullOrWhiteSpace(signature))
            {
                continue;
            }

            if (ComponentCatalog.TryCreateInstance(env, typeof(TSig), signature, arguments, out object instance) && instance is TRes result)
            {
                if (Reader.BaseStream.Position != Reader.BaseStream.Length)
                {
                    throw ModelError.Decode($"The model '{Directory}' is damaged: its loader '{signature}' left part of it unread.");
                }

                return result;
            }
        }

        throw ModelError.Decode($"The model '{Directory}' cannot be loaded: nothing is registered as '{Header.LoaderSignature}'. " +
            $"Reference the package that holds the component (assembly '{Header.LoaderAssemblyName}').");
    }

    public void Dispose() => Reader.Dispose();
}
