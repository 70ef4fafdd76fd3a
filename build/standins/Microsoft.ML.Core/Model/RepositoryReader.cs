using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>A model file being read.</summary>
internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    private RepositoryReader(Stream stream)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in _archive.Entries)
            {
                _entries[entry.FullName.Replace('\\', RepositoryPath.Separator)] = entry;
            }
        }
        catch (InvalidDataException ex)
        {
            throw ModelError.Decode("The model is not a whole zip archive: the file is damaged or of another kind.", ex);
        }
    }

    public static RepositoryReader Open(Stream stream) => new RepositoryReader(stream);

    /// <summary>The content of an entry, seekable; null if there is none.</summary>
    public MemoryStream OpenEntryOrNull(string directory, string name)
    {
        if (!_entries.TryGetValue(RepositoryPath.Combine(directory, name), out var entry))
        {
            return null;
        }

        var content = new MemoryStream();
        using (var stream = entry.Open())
        {
            stream.CopyTo(content);
        }

        content.Position = 0;
        return content;
    }

    public void Dispose() => _archive.Dispose();
}
