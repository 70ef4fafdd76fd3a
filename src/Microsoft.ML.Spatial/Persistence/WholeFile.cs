namespace Microsoft.ML.Spatial.Persistence;

/// <summary>Writes files that are there whole or not at all.</summary>
internal static class WholeFile
{
    private const string Unfinished = ".tmp";

    /// <summary>
    /// Writes a new file beside the old one, which then takes its name: where writing fails, for want of disk or otherwise, the old file is still there, whole,
    /// and the new one is gone. The folder is made where it is not there.
    /// </summary>
    public static void Write(string path, Action<FileStream> write)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var beside = $"{full}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, full, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Removes the new files beside a path whose writing never ended, because the process was killed. No one may be writing there.</summary>
    public static void RemoveLeftovers(string path)
    {
        var full = Path.GetFullPath(path);
        foreach (var leftover in Directory.EnumerateFiles(Path.GetDirectoryName(full)!, $"{Path.GetFileName(full)}.*{Unfinished}"))
        {
            File.Delete(leftover);
        }
    }
}
