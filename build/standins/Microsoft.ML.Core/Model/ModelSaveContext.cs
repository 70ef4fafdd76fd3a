using System.Text;

namespace Microsoft.ML;

/// <summary>The place of one model in a model file being written: a directory with a main stream, and further streams and models in it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal const string MainStreamName = "Model.key";

    internal readonly RepositoryWriter Repository;

    internal readonly string Directory;

    /// <summary>The data of the model's main stream, behind its header.</summary>
    internal readonly BinaryWriter Writer;

    private readonly MemoryStream _data = new MemoryStream();
    private ModelHeader _header;

    internal ModelSaveContext(RepositoryWriter repository, string directory)
    {
        Repository = repository;
        Directory = directory;
        Writer = new BinaryWriter(_data, Encoding.UTF8, leaveOpen: true);
    }

    internal void CheckAtModel()
    {
        Writer.Flush();
        if (_data.Length != 0)
        {
            throw new InvalidOperationException("The model has begun to write its data already.");
        }
    }

    internal void SetVersionInfo(VersionInfo ver) => _header = new ModelHeader(ver);

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        if (action == null)
        {
            throw new ArgumentNullException(nameof(action));
        }

        var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            action(writer);
        }

        Repository.AddEntry(Directory, name, content);
    }

    internal void SaveModel<T>(T value, string name)
        where T : class
        => SaveModel(Repository, value, RepositoryPath.Combine(Directory, name));

    internal static void SaveModel<T>(RepositoryWriter repository, T value, string directory)
        where T : class
    {
        if (value == null)
        {
            return;
        }

        if (value is not ICanSaveModel model)
        {
            throw new InvalidOperationException($"'{value.GetType()}' cannot be saved in a model file.");
        }

        using (var context = new ModelSaveContext(repository, directory))
        {
            model.Save(context);
            context.Done();
        }
    }

    /// <summary>A transformer that saved nothing has no way back, so this is an error at once.</summary>
    private void Done()
    {
        if (_header == null)
        {
            throw new InvalidOperationException("A model was saved without version information; it could not be loaded again.");
        }

        Writer.Flush();
        var main = new MemoryStream();
        using (var writer = new BinaryWriter(main, Encoding.UTF8, leaveOpen: true))
        {
            _header.Write(writer);
            writer.Write(_data.ToArray());
        }

        Repository.AddEntry(Directory, MainStreamName, main);
    }

    public void Dispose() => Writer.Dispose();
}
