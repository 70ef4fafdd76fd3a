using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Spatial.Functional;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Persistence;

/// <summary>A header and, where there is a module, its weights as one binary stream.</summary>
/// <remarks>
/// Layout, little endian:
/// <code>
/// int32   length of the header, at most 16 MiB
/// byte[]  header, JSON in UTF-8
/// int64   length of the weights; this and the next only where there is a module
/// byte[]  weights, safetensors, by the names of the module's state dictionary
/// byte[]  SHA-256 of all bytes before, 32 bytes
/// </code>
/// </remarks>
internal static class ModelPart
{
    private const int MostHeaderBytes = 16 << 20;
    private const long MostBytes = 1L << 30;

    private static readonly JsonSerializerOptions HeaderFormat = new()
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes a header and the weights of a module.</summary>
    public static void Write<THeader>(BinaryWriter writer, THeader header, nn.Module module) => Write(writer, header, part =>
    {
        using var weights = new MemoryStream();
        Safetensors.Write(weights, module.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value)).ToArray(), null);
        part.Write(weights.Length);
        part.Write(weights.GetBuffer(), 0, (int)weights.Length);
    });

    /// <summary>Writes a header alone.</summary>
    public static void Write<THeader>(BinaryWriter writer, THeader header) => Write(writer, header, _ => { });

    /// <summary>Reads a header alone.</summary>
    /// <param name="reader">The stream.</param>
    /// <param name="check">What it refuses with an <see cref="ArgumentException"/> is an error of the file.</param>
    /// <exception cref="FormatException">The stream is cut short, altered or longer than its header, or the header is refused.</exception>
    public static THeader Read<THeader>(BinaryReader reader, Action<THeader> check)
    {
        using var part = OpenChecked(reader);
        var header = ReadHeader<THeader>(part);
        if (part.BaseStream.Position != part.BaseStream.Length)
        {
            throw new FormatException("The model's header is followed by more than its hash: it is damaged.");
        }

        return Checked(() =>
        {
            check(header);
            return header;
        });
    }

    /// <summary>Reads a header, makes its module and gives it the weights.</summary>
    /// <param name="reader">The stream.</param>
    /// <param name="build">Makes the module of a header, told how many values the weights hold; what it refuses with an <see cref="ArgumentException"/> is an error of the file.</param>
    /// <exception cref="FormatException">The stream is cut short, altered or does not fit the module.</exception>
    public static (THeader Header, TModule Module) Read<THeader, TModule>(BinaryReader reader, Func<THeader, long, TModule> build)
        where TModule : nn.Module
    {
        using var part = OpenChecked(reader);
        var header = ReadHeader<THeader>(part);
        var length = Length(part, part.ReadInt64(), long.MaxValue, "weights");
        var weights = Safetensors.Read(part.BaseStream, length, CPU);
        try
        {
            var module = Checked(() => build(header, weights.Values.Sum(weight => weight.NumberOfElements)));
            try
            {
                Assign(module, weights);
            }
            catch
            {
                module.Dispose();
                throw;
            }

            return (header, module);
        }
        finally
        {
            foreach (var weight in weights.Values)
            {
                weight.Dispose();
            }
        }
    }

    /// <summary>Gives a module weights by the names of its state dictionary.</summary>
    /// <exception cref="FormatException">They are not those of the module.</exception>
    public static void Assign(nn.Module module, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var noGradient = no_grad();
        var live = module.state_dict();
        var missing = live.Keys.Except(weights.Keys).Order(StringComparer.Ordinal).ToArray();
        var unknown = weights.Keys.Except(live.Keys).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length + unknown.Length > 0)
        {
            throw new FormatException($"The weights do not fit the network: missing [{string.Join(", ", missing)}], unknown [{string.Join(", ", unknown)}].");
        }

        foreach (var (name, target) in live)
        {
            var source = weights[name];
            if (source.dtype != target.dtype || !source.shape.SequenceEqual(target.shape))
            {
                throw new FormatException($"Weight '{name}' is {source.dtype} [{string.Join(", ", source.shape)}] where {target.dtype} [{string.Join(", ", target.shape)}] is needed.");
            }

            target.copy_(source);
        }
    }

    private static void Write<THeader>(BinaryWriter writer, THeader header, Action<BinaryWriter> writeRest)
    {
        using var part = new MemoryStream();
        using (var inner = new BinaryWriter(part, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            var headerBytes = JsonSerializer.SerializeToUtf8Bytes(header, HeaderFormat);
            inner.Write(headerBytes.Length);
            inner.Write(headerBytes);
            writeRest(inner);
        }

        var bytes = part.GetBuffer().AsSpan(0, (int)part.Length);
        writer.Write(bytes);
        writer.Write(SHA256.HashData(bytes));
    }

    /// <summary>What stands before the hash, once that is found right.</summary>
    private static BinaryReader OpenChecked(BinaryReader reader)
    {
        using var copy = new MemoryStream();
        CopyBounded(reader.BaseStream, copy);
        var bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        if (bytes.Length < SHA256.HashSizeInBytes || !SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]))
        {
            throw new FormatException("The model is damaged: its SHA-256 does not match its content. Load an intact copy of the file.");
        }

        return new BinaryReader(new MemoryStream(copy.GetBuffer(), 0, bytes.Length - SHA256.HashSizeInBytes));
    }

    private static void CopyBounded(Stream from, MemoryStream to)
    {
        var buffer = new byte[1 << 16];
        for (var read = from.Read(buffer); read > 0; read = from.Read(buffer))
        {
            to.Write(buffer, 0, read);
            if (to.Length > MostBytes)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The model is larger than {MostBytes} bytes; no model of this library is."));
            }
        }
    }

    private static THeader ReadHeader<THeader>(BinaryReader part)
    {
        var length = Length(part, part.BaseStream.Length < sizeof(int) ? -1 : part.ReadInt32(), MostHeaderBytes, "header");
        try
        {
            return JsonSerializer.Deserialize<THeader>(part.ReadBytes((int)length), HeaderFormat) ?? throw new FormatException("The model's header is empty.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"The model's header cannot be read: {error.Message}", error);
        }
    }

    private static T Checked<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"The model's header holds a value that no model can have: {error.Message}", error);
        }
    }

    private static long Length(BinaryReader part, long length, long most, string what)
    {
        var left = part.BaseStream.Length - part.BaseStream.Position;
        if (length < 0 || length > most || length > left)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The model's {what} claims {length} bytes where {left} are left: it is damaged."));
        }

        return length;
    }
}
