using System.CommandLine;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>The options of the command line that every sample that trains has.</summary>
/// <param name="sample">The sample's name.</param>
/// <param name="defaultEpochs">The number of epochs where none is given.</param>
/// <param name="defaultBatch">The number of images in a step where none is given.</param>
/// <param name="defaultImages">The number of training images where none is given.</param>
/// <param name="defaultTestImages">The number of test images where none is given.</param>
internal sealed class RunOptions(
    string sample, int defaultEpochs, int defaultBatch, int defaultImages = RunOptions.MostImages, int defaultTestImages = RunOptions.MostTestImages)
{
    private const int MostImages = 60_000;
    private const int MostTestImages = 10_000;

    private readonly Option<int> _epochs = NumberOption.Whole("--epochs", "Passes over the training images.", defaultEpochs, 1, 1000);
    private readonly Option<int> _images = NumberOption.Whole("--images", "Training images: the first so many.", defaultImages, 1, MostImages);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "Seed of the weights and of the order of the images.", 0, 0, int.MaxValue);
    private readonly Option<int> _threads = NumberOption.Whole(
        "--threads", "Threads that compute; by default half of what there are: pictures are drawn and read on others, and small networks gain little from more.", Math.Max(1, Environment.ProcessorCount / 2), 1, 1024);
    private readonly Option<int> _batch = NumberOption.Whole("--batch", "Images in a step of training.", defaultBatch, 1, MostImages);
    private readonly Option<DirectoryInfo> _output = new("--output")
    {
        Description = "Folder of the results.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "samples", sample)),
    };

    /// <summary>Test images.</summary>
    public Option<int> TestImages { get; } = NumberOption.Whole("--test-images", "Test images: the first so many.", defaultTestImages, 1, MostTestImages);

    /// <summary>Seed of what is random in the images.</summary>
    public Option<int> DataSeed { get; } = NumberOption.Whole("--data-seed", "Seed of what is random in the images.", 0, 0, int.MaxValue);

    /// <summary>Where the data set is.</summary>
    public DataSetOptions DataSet { get; } = new();

    /// <summary>Adds them all to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _epochs, _images, TestImages, _seed, DataSeed, _threads, _batch, _output })
            command.Add(option);
        DataSet.AddTo(command);
    }

    /// <summary>What a command line says.</summary>
    public RunSettings Read(ParseResult parsed, IAnsiConsole console) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        Images = parsed.GetValue(_images),
        TestImages = parsed.GetValue(TestImages),
        Seed = parsed.GetValue(_seed),
        DataSeed = parsed.GetValue(DataSeed),
        Threads = parsed.GetValue(_threads),
        Batch = parsed.GetValue(_batch),
        Output = parsed.GetRequiredValue(_output).FullName,
        Files = DataSet.Files(parsed, console),
    };
}
