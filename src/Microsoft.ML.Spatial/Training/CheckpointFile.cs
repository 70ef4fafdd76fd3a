using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Spatial.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>The one file in a folder that a training is kept in after each epoch, to go on from. It is there whole or not at all (<see cref="WholeFile"/>).</summary>
/// <remarks>
/// Layout, little endian:
/// <code>
/// byte[8]  "SPTLCKPT"
/// int32    version of this layout, 1
/// byte[32] SHA-256 of all bytes after it
/// int32    length of the header, at most 64 MiB
/// byte[]   header, JSON in UTF-8 (TrainingCheckpoint)
/// byte[]   safetensors to the end of the file:
///          network/NAME       the weights after the latest epoch, by the names of the module's state dictionary
///          best/NAME          those of the best epoch; none where that is the latest
///          optimizer/I/NAME   what the optimiser remembers of its parameter I
/// </code>
/// </remarks>
internal sealed class CheckpointFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "training.checkpoint";

    private const int Version = 1;
    private const int VersionAt = 8;
    private const int HashAt = VersionAt + sizeof(int);
    private const int ContentAt = HashAt + SHA256.HashSizeInBytes;
    private const int MostHeaderBytes = 64 << 20;

    private static readonly JsonSerializerOptions HeaderFormat = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private (int Seed, SortedDictionary<string, string> Fingerprint)? _training;

    private CheckpointFile(string path, TrainingCheckpoint? found) => (Path, Found) = (path, found);

    /// <summary>Where the file is, or will be.</summary>
    public string Path { get; }

    /// <summary>The training found there, without its tensors; null where there is none.</summary>
    public TrainingCheckpoint? Found { get; }

    private static ReadOnlySpan<byte> Magic => "SPTLCKPT"u8;

    /// <summary>Looks into a folder, which is made where it is not there, and removes what a process that was killed while writing has left.</summary>
    /// <exception cref="InvalidOperationException">The folder cannot be used.</exception>
    /// <exception cref="InvalidDataException">The file there is damaged or of another version.</exception>
    public static CheckpointFile Open(string folder)
    {
        try
        {
            var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), Name);
            Directory.CreateDirectory(folder);
            WholeFile.RemoveLeftovers(path);
            return new CheckpointFile(path, File.Exists(path) ? Read(path, (_, header) => header) : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Option CheckpointFolder is '{folder}', which cannot be used: {error.Message}", error);
        }
    }

    /// <summary>States which training it is that is kept here.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="fingerprint">What decides it.</param>
    /// <exception cref="InvalidOperationException">The training found is another.</exception>
    public void Bind(int seed, SortedDictionary<string, string> fingerprint)
    {
        _training = (seed, fingerprint);
        if (Found is null)
        {
            return;
        }

        var differences = TrainingFingerprint.Differences(Found.Fingerprint, fingerprint).ToList();
        if (Found.Seed != seed)
        {
            differences.Add(TrainingFingerprint.Difference("Seed", Text(Found.Seed), Text(seed)));
        }

        if (differences.Count > 0)
        {
            throw Other(differences);
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The error that says in what the training found is another.</summary>
    public InvalidOperationException Other(IEnumerable<string> differences) =>
        new($"The checkpoint '{Path}' is of another training: {string.Join("; ", differences)}. To go on with it, train with what it was made with; to train anew, set CheckpointFolder to another folder, or remove the file.");

    /// <summary>Keeps a training in place of what was kept before.</summary>
    /// <param name="state">How far it has come.</param>
    /// <param name="optimizer">How far the optimiser has come.</param>
    /// <param name="tensors">The tensors of the layout.</param>
    public void Write(TrainingState state, OptimizerProgress optimizer, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        var (seed, fingerprint) = _training ?? throw new InvalidOperationException("The training has not been stated.");
        var header = JsonSerializer.SerializeToUtf8Bytes(new TrainingCheckpoint(seed, fingerprint, state, optimizer), HeaderFormat);
        WholeFile.Write(Path, stream =>
        {
            Span<byte> start = stackalloc byte[ContentAt];
            Magic.CopyTo(start);
            BinaryPrimitives.WriteInt32LittleEndian(start[VersionAt..], Version);
            stream.Write(start);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            Safetensors.Write(stream, tensors, null);

            // Read back rather than hashed on the way: the tensors go to the file one by one, and memory need not hold them together.
            stream.Position = ContentAt;
            var hash = SHA256.HashData(stream);
            stream.Position = HashAt;
            stream.Write(hash);
        });
    }

    /// <summary>Hands the tensors found to an action, which copies what it needs of them.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or the action found that it does not fit (<see cref="FormatException"/>).</exception>
    public void Restore(Action<IReadOnlyDictionary<string, Tensor>> restore) => Read(Path, (stream, _) =>
    {
        var tensors = Safetensors.Read(stream, stream.Length - stream.Position, CPU);
        try
        {
            restore(tensors);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
        }

        return true;
    });

    private static T Read<T>(string path, Func<Stream, TrainingCheckpoint, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return read(stream, ReadHeader(stream));
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"The checkpoint '{path}' cannot be gone on from: {error.Message} Put back an intact copy of it, or remove it to train from the beginning.", error);
        }
    }

    /// <summary>Reads up to the tensors, once the hash is found right.</summary>
    private static TrainingCheckpoint ReadHeader(FileStream stream)
    {
        var start = new byte[ContentAt];
        if (stream.ReadAtLeast(start, ContentAt, throwOnEndOfStream: false) < ContentAt || !start.AsSpan(0, VersionAt).SequenceEqual(Magic))
        {
            throw new FormatException("It is damaged, or no checkpoint.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(VersionAt));
        if (version != Version)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"It is damaged, or of another version of Microsoft.ML.Spatial (its layout says {version}, {Version} is read)."));
        }

        if (!SHA256.HashData(stream).AsSpan().SequenceEqual(start.AsSpan(HashAt)))
        {
            throw new FormatException("It is damaged or cut short: its SHA-256 does not match its content.");
        }

        stream.Position = ContentAt;
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var left = stream.Length - ContentAt - sizeof(int);
        var length = left < 0 ? -1 : reader.ReadInt32();
        if (length < 0 || length > Math.Min(left, MostHeaderBytes))
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Its header claims {length} bytes where {left} are left."));
        }

        try
        {
            return JsonSerializer.Deserialize<TrainingCheckpoint>(reader.ReadBytes(length), HeaderFormat) ?? throw new FormatException("Its header is empty.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"Its header cannot be read, or is of another version of Microsoft.ML.Spatial: {error.Message}", error);
        }
    }
}
