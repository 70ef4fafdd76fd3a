using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>
/// Finds the four files of Fashion-MNIST: in the folder of Debian's package <c>dataset-fashion-mnist</c> where that is
/// installed, otherwise in a cache folder that is filled from the data set's public home.
/// </summary>
internal sealed class FashionMnistFiles
{
    /// <summary>
    /// The files by name. The hash and the length are those of the decompressed content: Debian's copies are compressed
    /// without the name and time that the files of the public home carry, so the compressed bytes differ while the data is the same.
    /// </summary>
    public static readonly IReadOnlyList<FashionMnistFile> All =
    [
        new("train-images-idx3-ubyte.gz", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        new("train-labels-idx1-ubyte.gz", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        new("t10k-images-idx3-ubyte.gz", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        new("t10k-labels-idx1-ubyte.gz", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ];

    /// <summary>More than any compressed file of the set holds: a server that sends on and on is cut off.</summary>
    private const long MaximumDownload = 64L << 20;

    /// <summary>The files to look for; the data set's own four unless a test brings others.</summary>
    public IReadOnlyList<FashionMnistFile> Files { get; init; } = All;

    /// <summary>Where the package <c>dataset-fashion-mnist</c> puts the files, or a folder of the user's own.</summary>
    public string InstalledFolder { get; init; } = "/usr/share/datasets/fashion-mnist";

    /// <summary>Whether the files are downloaded where <see cref="InstalledFolder"/> lacks one.</summary>
    public bool MayDownload { get; init; } = true;

    /// <summary>Where downloaded files are kept.</summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder();

    /// <summary>Where the files are downloaded from; it ends in a slash.</summary>
    public Uri Home { get; init; } = new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/");

    /// <summary>Told, in one line each, what is being done.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>Returns a folder that holds all four files, downloading what is missing.</summary>
    /// <exception cref="IOException">A file is absent or could not be downloaded; the message says where, why, and what to do.</exception>
    /// <exception cref="InvalidDataException">What came is not the file it should be.</exception>
    public async Task<string> LocateAsync(CancellationToken cancellationToken)
    {
        var absent = Files.FirstOrDefault(f => !File.Exists(Path.Combine(InstalledFolder, f.Name)));
        if (absent is null)
        {
            Report?.Invoke($"Fashion-MNIST: {InstalledFolder}");
            return InstalledFolder;
        }

        if (!MayDownload)
            throw new FileNotFoundException($"The folder '{InstalledFolder}' holds no {absent.Name}. Name another with --data-folder, or leave that option out.");

        var missing = Files.Where(f => !IsWhole(f)).ToList();
        if (missing.Count > 0)
        {
            if (File.Exists("/usr/bin/apt-get"))
                Report?.Invoke("Fashion-MNIST is not installed here; as root, 'apt-get install dataset-fashion-mnist' installs it. Downloading it instead.");
            Directory.CreateDirectory(CacheFolder);
            using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
            foreach (var file in missing)
                await DownloadAsync(client, file, cancellationToken).ConfigureAwait(false);
        }

        Report?.Invoke($"Fashion-MNIST: {CacheFolder}");
        return CacheFolder;
    }

    private static string DefaultCacheFolder()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "Microsoft.ML.Spatial", "fashion-mnist");
    }

    /// <summary>Whether the cache already holds the file, undamaged; a damaged one is downloaded again.</summary>
    private bool IsWhole(FashionMnistFile file)
    {
        var path = Path.Combine(CacheFolder, file.Name);
        return File.Exists(path) && Fault(path, file) is null;
    }

    private async Task DownloadAsync(HttpClient client, FashionMnistFile file, CancellationToken cancellationToken)
    {
        var address = new Uri(Home, file.Name);
        var path = Path.Combine(CacheFolder, file.Name);
        // Written beside and renamed, so that a file under its own name is always whole.
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        Report?.Invoke($"Downloading {address}");
        try
        {
            try
            {
                await FetchAsync(client, address, partial, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || e is TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                var reason = e is HttpRequestException { StatusCode: HttpStatusCode status } ? $"the server answered {(int)status} ({status})" : e.Message;
                throw new IOException($"{file.Name} could not be downloaded from {address}: {reason.TrimEnd('.')}. {Remedy}", e);
            }

            if (Fault(partial, file) is { } fault)
                throw new InvalidDataException($"{file.Name} from {address} {fault} Nothing was kept. {Remedy}");
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private const string Remedy =
        "Name another home with --data-home, a folder that holds the four files with --data-folder, or install Debian's package dataset-fashion-mnist.";

    private static async Task FetchAsync(HttpClient client, Uri address, string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var buffer = new byte[1 << 16];
        long written = 0;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            written += read;
            if (written > MaximumDownload)
                throw new IOException($"the server sent more than {MaximumDownload >> 20} MiB.");
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is wrong with a file, as the end of a sentence; null where it is as it should be.</summary>
    private static string? Fault(string path, FashionMnistFile file)
    {
        try
        {
            using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 16];
            long length = 0;
            int read;
            while ((read = content.Read(buffer)) > 0 && length <= file.Length)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
            }

            if (length != file.Length)
                return $"holds {(length > file.Length ? "more" : $"{length}")} bytes decompressed instead of {file.Length}.";
            var found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return found == file.Sha256 ? null : $"has the SHA-256 {found} decompressed instead of {file.Sha256}.";
        }
        catch (InvalidDataException e)
        {
            return $"cannot be decompressed: {e.Message}";
        }
    }
}

/// <summary>One file of the data set: its name and the length and SHA-256 of its decompressed content.</summary>
internal sealed record FashionMnistFile(string Name, long Length, string Sha256);
