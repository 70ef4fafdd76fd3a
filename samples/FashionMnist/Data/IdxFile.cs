using System.Buffers.Binary;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>
/// An array of bytes in the idx format of the MNIST family: two zero bytes, the type code 0x08 (unsigned byte), the number of
/// dimensions, each dimension as a big-endian 32-bit integer, then the values, the last dimension fastest.
/// </summary>
internal sealed class IdxFile
{
    private const int MaximumValues = 1 << 28;

    private IdxFile(int[] shape, byte[] values)
    {
        Shape = shape;
        Values = values;
    }

    /// <summary>The sizes of the dimensions.</summary>
    public int[] Shape { get; }

    /// <summary>The values, row-major.</summary>
    public byte[] Values { get; }

    /// <summary>Reads an (already decompressed) idx stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="dimensions">The number of dimensions it has to have.</param>
    /// <exception cref="InvalidDataException">The stream is no idx file of bytes of that many dimensions, or ends early or late.</exception>
    public static IdxFile Read(Stream stream, int dimensions)
    {
        try
        {
            var header = new byte[4 + 4 * dimensions];
            stream.ReadExactly(header);
            if (header[0] != 0 || header[1] != 0 || header[2] != 8 || header[3] != dimensions)
                throw new InvalidDataException($"It is not an idx file of bytes in {dimensions} dimension(s): it begins with {Convert.ToHexString(header, 0, 4)}.");

            var shape = new int[dimensions];
            long count = 1;
            for (int d = 0; d < dimensions; d++)
            {
                shape[d] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + 4 * d));
                count = shape[d] > 0 && count <= MaximumValues ? count * shape[d] : long.MaxValue;
            }

            if (count > MaximumValues)
                throw new InvalidDataException($"It states the sizes {string.Join(" x ", shape)}, which no file of this data set has.");

            var values = new byte[count];
            stream.ReadExactly(values);
            if (stream.ReadByte() >= 0)
                throw new InvalidDataException($"It goes on after its {string.Join(" x ", shape)} values.");
            return new IdxFile(shape, values);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("It ends too early: it is truncated.", e);
        }
    }
}
