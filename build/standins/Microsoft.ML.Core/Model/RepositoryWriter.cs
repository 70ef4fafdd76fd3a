using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>A model file being written: a zip archive with one entry a stream.</summary>
internal sealed class RepositoryWriter : IDisposable
{
    private readonly ZipArchive _archive;

    private RepositoryWriter(Stream stream)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
    }

    public static RepositoryWriter CreateNew(Stream stream) => new RepositoryWriter(stream);

    public void AddEntry(string directory, string name, MemoryStream content)
    {
        string path = RepositoryPath.Combine(directory, name);
        using (var entry = _archive.CreateEntry(path).Open())
        {
            content.Position = 0;
            content.CopyTo(entry);
        }
    }

    public void Dispose() => _archive.Dispose();
}
