using System.IO.Compression;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>Fashion-MNIST in memory: 60,000 training and 10,000 test pictures of 28 x 28 grey pixels in ten classes.</summary>
/// <param name="train">The training file.</param>
/// <param name="test">The test file.</param>
internal sealed class FashionMnistDataSet(FashionMnistSplit train, FashionMnistSplit test)
{
    /// <summary>The ten classes, in the order of their labels.</summary>
    public static readonly IReadOnlyList<string> ClassNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>The training file.</summary>
    public FashionMnistSplit Train { get; } = train;

    /// <summary>The test file.</summary>
    public FashionMnistSplit Test { get; } = test;

    /// <summary>Reads the four compressed idx files of a folder.</summary>
    /// <exception cref="InvalidDataException">A file is not what its name says; the message names it.</exception>
    public static FashionMnistDataSet Read(string folder) => new(ReadSplit(folder, "train"), ReadSplit(folder, "t10k"));

    private static FashionMnistSplit ReadSplit(string folder, string prefix)
    {
        var images = ReadFile(folder, $"{prefix}-images-idx3-ubyte.gz", 3);
        var labels = ReadFile(folder, $"{prefix}-labels-idx1-ubyte.gz", 1);
        if (images.Shape[1] != FashionMnistSplit.Side || images.Shape[2] != FashionMnistSplit.Side)
            throw new InvalidDataException($"The images of {folder} are {images.Shape[1]} x {images.Shape[2]}, not 28 x 28.");
        if (images.Shape[0] != labels.Shape[0])
            throw new InvalidDataException($"{folder} holds {images.Shape[0]} {prefix} images and {labels.Shape[0]} labels.");
        if (labels.Values.FirstOrDefault(l => l >= ClassNames.Count) is > 0 and var wrong)
            throw new InvalidDataException($"The {prefix} labels of {folder} contain {wrong}; there are {ClassNames.Count} classes.");
        return new FashionMnistSplit(images.Values, labels.Values);
    }

    private static IdxFile ReadFile(string folder, string name, int dimensions)
    {
        var path = Path.Combine(folder, name);
        try
        {
            using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            return IdxFile.Read(content, dimensions);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} cannot be read. {e.Message} Delete it to have it downloaded again, or reinstall the package it came with.", e);
        }
    }
}
