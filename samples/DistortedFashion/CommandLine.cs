using System.CommandLine;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion;

/// <summary>The commands and options of the program.</summary>
internal static class CommandLine
{
    private const int TrainingImages = 60_000;
    private const int TestImages = 10_000;

    private static readonly string[] ModelNames = ["FCN", "CNN", "ST-FCN", "ST-CNN"];

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything is written.</param>
    /// <param name="cancellationToken">Ends a training with the best model so far.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, IAnsiConsole console, CancellationToken cancellationToken) =>
        SampleProgram.InvokeAsync(Build(console), arguments, console, cancellationToken);

    private static RootCommand Build(IAnsiConsole console)
    {
        var distortion = new Option<string>("--distortion")
        {
            Description = string.Join("; ", Distortion.All.Select(d => $"{d.Name}: {d.Description}")),
            DefaultValueFactory = _ => "RTS",
        };
        distortion.AcceptOnlyFromAmong([.. Distortion.All.Select(d => d.Name)]);
        var models = new Option<string[]>("--model")
        {
            Description = "What to train, one or several.",
            DefaultValueFactory = _ => ["CNN", "ST-CNN"],
            AllowMultipleArgumentsPerToken = true,
        };
        models.AcceptOnlyFromAmong(ModelNames);
        var epochs = NumberOption.Whole("--epochs", "Passes over the training images; 5 is the full recipe.", 3, 1, 1000);
        var images = NumberOption.Whole("--images", "Training images: the first so many of the file.", TrainingImages, 1, TrainingImages);
        var testImages = NumberOption.Whole("--test-images", "Test images: the first so many of the file.", TestImages, 1, TestImages);
        var seed = NumberOption.Whole("--seed", "Seed of the weights and of the order of the images.", 0, 0, int.MaxValue);
        var dataSeed = NumberOption.Whole("--data-seed", "Seed of the distortions.", 0, 0, int.MaxValue);
        var threads = NumberOption.Whole("--threads", "Threads that compute.", Environment.ProcessorCount, 1, 1024);
        var batch = NumberOption.Whole("--batch", "Images in a step of training.", 128, 1, TrainingImages);
        var factor = NumberOption.Optional("--loc-factor", "Learning rate of the localisation network, relative to the rest; default 1.", 0, 1000);
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Folder of the results.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "samples", "DistortedFashion")),
        };
        var dataSet = new DataSetOptions();

        var root = new RootCommand("Trains classifiers on distorted Fashion-MNIST, with and without a spatial transformer, in ML.NET pipelines.")
        {
            distortion, models, epochs, images, testImages, seed, dataSeed, threads, batch, factor, output,
        };
        dataSet.AddTo(root);
        root.SetAction((parsed, cancellationToken) => new Experiment(console, new ExperimentOptions
        {
            Distortion = Distortion.Named(parsed.GetRequiredValue(distortion)),
            Models = [.. parsed.GetRequiredValue(models).Distinct()],
            Epochs = parsed.GetValue(epochs),
            Images = parsed.GetValue(images),
            TestImages = parsed.GetValue(testImages),
            Seed = parsed.GetValue(seed),
            DataSeed = parsed.GetValue(dataSeed),
            Threads = parsed.GetValue(threads),
            Batch = parsed.GetValue(batch),
            LocalisationFactor = parsed.GetValue(factor) ?? 1,
            Output = parsed.GetRequiredValue(output).FullName,
            Files = dataSet.Files(parsed, console),
        }).RunAsync(cancellationToken));

        var model = new Option<FileInfo>("--model") { Description = "The saved model.", Required = true };
        model.AcceptExistingOnly();
        var sheet = new Option<FileInfo?>("--sheet") { Description = "PNG file for a contact sheet of the first predictions." };
        var report = new Option<FileInfo?>("--report") { Description = "JSON file for the count of wrong predictions." };
        var predict = new Command("predict", "Loads a saved model and predicts the test images.")
        {
            model, distortion, testImages, dataSeed, sheet, report,
        };
        dataSet.AddTo(predict);
        predict.SetAction((parsed, cancellationToken) => new PredictionRun(console, new PredictionOptions
        {
            Model = parsed.GetRequiredValue(model).FullName,
            Distortion = Distortion.Named(parsed.GetRequiredValue(distortion)),
            TestImages = parsed.GetValue(testImages),
            DataSeed = parsed.GetValue(dataSeed),
            Sheet = parsed.GetValue(sheet)?.FullName,
            Report = parsed.GetValue(report)?.FullName,
            Files = dataSet.Files(parsed, console),
        }).RunAsync(cancellationToken));
        root.Add(predict);
        return root;
    }
}
