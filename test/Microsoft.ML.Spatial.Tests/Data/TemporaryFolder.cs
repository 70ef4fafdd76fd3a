using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Tests.Data;

/// <summary>A folder of files for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("spatial-data-").FullName;

    /// <summary>The path of a file or folder in it.</summary>
    public string Path(params string[] names) => System.IO.Path.Combine([Root, .. names]);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string content)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Writes a picture all of whose colours are the same.</summary>
    public string WriteImage(string name, int width, int height, byte value = 100)
    {
        var path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var pixels = new byte[4 * width * height];
        Array.Fill(pixels, value);
        using var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        image.Save(path);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
