using System.Text.Json;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>Results as JSON files.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes beside and renames, so that the file is the old or the new one, never a part. Makes the folder where it is not there.</summary>
    public static async Task WriteAsync<T>(string path, T result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path + ".part", JsonSerializer.Serialize(result, Json) + Environment.NewLine).ConfigureAwait(false);
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file holds no such result; the message names it.</exception>
    public static async Task<T> ReadAsync<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(path).ConfigureAwait(false), Json)
                ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no result of this program: {e.Message}", e);
        }
    }
}
