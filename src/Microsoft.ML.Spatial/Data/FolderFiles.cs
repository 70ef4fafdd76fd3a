namespace Microsoft.ML.Spatial.Data;

/// <summary>Finds files that an annotation names in a folder. A name cannot lead out of the folder.</summary>
internal sealed class FolderFiles
{
    private readonly string _root;

    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    public FolderFiles(string folder)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(_root))
        {
            throw new DirectoryNotFoundException($"There is no folder '{_root}'.");
        }
    }

    /// <summary>The full path of a file.</summary>
    /// <param name="name">Its path within the folder.</param>
    /// <param name="element">Says what names it, as an error begins.</param>
    /// <exception cref="InvalidDataException">It is not there, or not in the folder.</exception>
    public string Find(string name, Func<string> element)
    {
        if (name.Length == 0 || name.Contains('\0'))
        {
            throw new InvalidDataException($"{element()} is '{name}', which is no file name.");
        }

        var full = Path.GetFullPath(Path.Combine(_root, name));
        var prefix = Path.EndsInDirectorySeparator(_root) ? _root : _root + Path.DirectorySeparatorChar;
        if (!full.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{element()} is '{name}', which leads out of folder '{_root}'.");
        }

        return File.Exists(full) ? full : throw new InvalidDataException($"{element()} is '{name}', but there is no file '{full}'.");
    }
}
