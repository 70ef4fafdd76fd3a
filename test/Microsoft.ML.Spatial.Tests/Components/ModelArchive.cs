using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Reads and rewrites the part of a component in a saved model.</summary>
internal static class ModelArchive
{
    /// <summary>The bytes of the only part of the name.</summary>
    public static byte[] Part(byte[] zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var stream = Entry(archive, name).Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public static void Rewrite(string path, string name, byte[] bytes)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        var entry = Entry(archive, name);
        var fullName = entry.FullName;
        entry.Delete();
        using var stream = archive.CreateEntry(fullName).Open();
        stream.Write(bytes);
    }

    /// <summary>Changes what stands before the hash and makes the hash right again.</summary>
    public static void RewriteHashed(string path, string name, Func<byte[], byte[]> change)
    {
        var body = change(Part(File.ReadAllBytes(path), name)[..^SHA256.HashSizeInBytes]);
        Rewrite(path, name, [.. body, .. SHA256.HashData(body)]);
    }

    /// <summary>Replaces a piece of the header and makes length and hash right again.</summary>
    public static void ReplaceHeader(string path, string name, string there, string instead) => ChangeHeader(path, name, header =>
    {
        StringAssert.Contains(header, there);
        return header.Replace(there, instead, StringComparison.Ordinal);
    });

    /// <summary>Changes the header and makes length and hash right again.</summary>
    public static void ChangeHeader(string path, string name, Func<string, string> change) => RewriteHashed(path, name, part =>
    {
        var length = BitConverter.ToInt32(part);
        var changed = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(part, sizeof(int), length)));
        return [.. BitConverter.GetBytes(changed.Length), .. changed, .. part[(sizeof(int) + length)..]];
    });

    private static ZipArchiveEntry Entry(ZipArchive archive, string name) => archive.Entries.Single(entry => entry.FullName.EndsWith(name, StringComparison.Ordinal));
}
