using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Persistence;

/// <summary>
/// The safetensors format: eight bytes of header length (little endian), a JSON header of name, dtype, shape and place of each tensor, the raw values.
/// It holds no code. The reader trusts nothing: sizes are bounded, and the tensors must cover the data exactly.
/// </summary>
internal static class Safetensors
{
    private const int LengthBytes = 8;
    private const int MaxHeaderBytes = 16 << 20;
    private const int MaxRank = 16;
    private const int Alignment = 8;
    private const string MetadataName = "__metadata__";

    /// <summary>Writes tensors, from any device and in any memory layout, in the order given.</summary>
    /// <exception cref="ArgumentException">A name is used twice or reserved, or a tensor has a type other than F64, F32, F16, BF16, I64 and U8.</exception>
    internal static void Write(
        Stream stream, IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, value) in tensors)
        {
            if (value.NumberOfElements == 0)
                continue;
            using var scope = torch.NewDisposeScope();
            stream.Write(value.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>Reads everything to the end of the stream. The caller disposes the tensors.</summary>
    /// <param name="stream">Positioned at the header's length.</param>
    /// <param name="maxBytes">The most that the whole may take; the header may take 16 MiB at most besides.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <exception cref="FormatException">The content is damaged or larger than allowed; the message says where.</exception>
    internal static Dictionary<string, Tensor> Read(Stream stream, long maxBytes, Device device)
    {
        var entries = ReadHeader(stream, maxBytes);
        var tensors = new Dictionary<string, Tensor>(entries.Count);
        try
        {
            foreach (var entry in entries)
                tensors.Add(entry.Name, ReadTensor(stream, entry, device));
            if (stream.ReadByte() >= 0)
                throw new FormatException("The weights are followed by bytes that belong to no tensor.");
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
            throw;
        }
    }

    private readonly record struct Entry(string Name, ScalarType Dtype, long[] Shape, long Begin, long End);

    private static byte[] Header(IReadOnlyList<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var names = new HashSet<string>();
            long begin = 0;
            foreach (var (name, value) in tensors)
            {
                if (name == MetadataName || !names.Add(name))
                    throw new ArgumentException($"Tensor name '{name}' is used twice or reserved; each tensor needs a name of its own.", nameof(tensors));
                var end = begin + value.NumberOfElements * ElementBytes(value.dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", DtypeName(value.dtype));
                WriteArray(json, "shape", value.shape);
                WriteArray(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }

            json.WriteEndObject();
        }

        // Spaces after the header make the values start aligned.
        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, long[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static List<Entry> ReadHeader(Stream stream, long maxBytes)
    {
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        ReadExactly(stream, lengthBytes, "the length of the header");
        var length = BinaryPrimitives.ReadInt64LittleEndian(lengthBytes);
        if (length is < 2 or > MaxHeaderBytes)
            throw new FormatException($"The header claims a length of {length} bytes; between 2 and {MaxHeaderBytes} are possible.");
        var header = new byte[length];
        ReadExactly(stream, header, "the header");

        List<Entry> entries;
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            entries = ParseEntries(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, which the parser lets through.
            throw new FormatException($"The header is not valid JSON: {error.Message}", error);
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long expected = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != expected)
                throw new FormatException($"Tensor '{entry.Name}' begins at byte {entry.Begin}, but the one before it ends at {expected}.");
            expected = entry.End;
        }

        if (expected > maxBytes - LengthBytes - length)
            throw new FormatException($"The tensors claim {expected} bytes; with the header that is more than the {maxBytes} allowed here.");
        return entries;
    }

    private static List<Entry> ParseEntries(JsonElement root)
    {
        Require(root, JsonValueKind.Object, "The header");
        var entries = new List<Entry>();
        var names = new HashSet<string>();
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw new FormatException($"The header names '{property.Name}' twice.");
            if (property.Name == MetadataName)
            {
                Require(property.Value, JsonValueKind.Object, MetadataName);
                foreach (var item in property.Value.EnumerateObject())
                    Require(item.Value, JsonValueKind.String, $"The metadata '{item.Name}'");
            }
            else
            {
                entries.Add(ParseEntry(property.Name, property.Value));
            }
        }

        return entries;
    }

    private static Entry ParseEntry(string name, JsonElement value)
    {
        var what = $"Tensor '{name}'";
        Require(value, JsonValueKind.Object, what);
        string? dtypeName = null;
        long[]? shape = null, offsets = null;
        foreach (var field in value.EnumerateObject())
        {
            switch (field.Name)
            {
                case "dtype" when dtypeName is null:
                    Require(field.Value, JsonValueKind.String, $"{what}, dtype");
                    dtypeName = field.Value.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(field.Value, $"{what}, shape");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers(field.Value, $"{what}, data_offsets");
                    break;
                default:
                    throw new FormatException($"{what} has a field '{field.Name}' that is unknown or there twice.");
            }
        }

        if (dtypeName is null || shape is null || offsets is not [var begin, var end])
            throw new FormatException($"{what} needs dtype, shape and two data_offsets.");
        var dtype = dtypeName switch
        {
            "F64" => ScalarType.Float64,
            "F32" => ScalarType.Float32,
            "F16" => ScalarType.Float16,
            "BF16" => ScalarType.BFloat16,
            "I64" => ScalarType.Int64,
            "U8" => ScalarType.Byte,
            _ => throw new FormatException($"{what} has dtype '{dtypeName}'; F64, F32, F16, BF16, I64 and U8 are known."),
        };

        // Empty sides count as one here: torch computes strides from the others.
        var most = shape.Aggregate((Int128)ElementBytes(dtype), (product, side) => product > int.MaxValue ? product : product * Math.Max(side, 1));
        if (shape.Length > MaxRank || most > int.MaxValue)
            throw new FormatException($"{what} has {shape.Length} axes and takes {most} bytes or more; at most {MaxRank} axes and {int.MaxValue} bytes are read.");
        var bytes = shape.Contains(0) ? 0 : (long)most;
        if (end - begin != bytes)
            throw new FormatException($"{what} of shape {TensorCheck.Describe(shape)} and dtype {dtypeName} takes {bytes} bytes, but its offsets span {end - begin}.");
        return new Entry(name, dtype, shape, begin, end);
    }

    private static long[] ParseNumbers(JsonElement value, string what)
    {
        Require(value, JsonValueKind.Array, what);
        var numbers = new List<long>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var number) || number < 0)
                throw new FormatException($"{what} holds {item.GetRawText()}; only whole numbers from 0 are possible.");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static void Require(JsonElement value, JsonValueKind kind, string what)
    {
        if (value.ValueKind != kind)
            throw new FormatException($"{what} is a JSON {value.ValueKind}; {kind} is needed.");
    }

    private static Tensor ReadTensor(Stream stream, Entry entry, Device device)
    {
        var host = TensorFactory.Empty(entry.Shape, entry.Dtype, CPU);
        try
        {
            if (entry.End > entry.Begin)
                ReadExactly(stream, host.bytes, $"tensor '{entry.Name}'");
            if (device.type == DeviceType.CPU)
                return host;
            var moved = host.to(device);
            host.Dispose();
            return moved;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static void ReadExactly(Stream stream, Span<byte> buffer, string what)
    {
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read < buffer.Length)
            throw new FormatException($"The data ends within {what}: {read} of its {buffer.Length} bytes are there.");
    }

    private static long ElementBytes(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Byte => 1,
        _ => throw UnsupportedDtype(dtype),
    };

    private static string DtypeName(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Byte => "U8",
        _ => throw UnsupportedDtype(dtype),
    };

    private static ArgumentException UnsupportedDtype(ScalarType dtype) =>
        new($"A tensor has elements of type {dtype}; Float64, Float32, Float16, BFloat16, Int64 and Byte can be written.", "tensors");
}
