namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>The pictures and labels of one file pair, in file order.</summary>
/// <param name="pixels">All pictures one after the other, each row-major.</param>
/// <param name="labels">The label of each picture, from 0.</param>
internal sealed class FashionMnistSplit(byte[] pixels, byte[] labels)
{
    /// <summary>The side of a picture in pixels.</summary>
    public const int Side = 28;

    /// <summary>The number of pictures.</summary>
    public int Count => labels.Length;

    /// <summary>The pixels of a picture, row-major.</summary>
    public ReadOnlySpan<byte> Image(int index) => pixels.AsSpan(index * Side * Side, Side * Side);

    /// <summary>The class of a picture, from 0.</summary>
    public byte Label(int index) => labels[index];

    /// <summary>A number of pictures that the file holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The file holds fewer, or <paramref name="count"/> is not positive.</exception>
    public int Checked(int count) =>
        count > 0 && count <= Count
            ? count
            : throw new ArgumentOutOfRangeException(nameof(count), count, $"The file holds {Count} pictures: ask for 1 to {Count}.");
}
