using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Generation;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion;

/// <summary>The commands and options of the program.</summary>
internal static class CommandLine
{
    private const int Failure = 1;
    private const int Cancelled = 130;

    private const int TrainingImages = 60_000;
    private const int TestImages = 10_000;

    private static readonly string[] ModelNames = ["FCN", "CNN", "ST-FCN", "ST-CNN"];

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything is written.</param>
    /// <param name="cancellationToken">Ends a training with the best model so far.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, IAnsiConsole console, CancellationToken cancellationToken)
    {
        // Ctrl+C is the program's own affair: a cancelled training still has a model to save.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await Build(console).Parse(arguments).InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            console.MarkupLine("[yellow]Cancelled.[/]");
            return Cancelled;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or FormatException)
        {
            console.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return Failure;
        }
    }

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
        var epochs = Whole("--epochs", "Passes over the training images; 5 is the full recipe.", 3, 1, 1000);
        var images = Whole("--images", "Training images: the first so many of the file.", TrainingImages, 1, TrainingImages);
        var testImages = Whole("--test-images", "Test images: the first so many of the file.", TestImages, 1, TestImages);
        var seed = Whole("--seed", "Seed of the weights and of the order of the images.", 0, 0, int.MaxValue);
        var dataSeed = Whole("--data-seed", "Seed of the distortions.", 0, 0, int.MaxValue);
        var threads = Whole("--threads", "Threads that compute.", Environment.ProcessorCount, 1, 1024);
        var batch = Whole("--batch", "Images in a step of training.", 128, 1, TrainingImages);
        var factor = new Option<double>("--loc-factor")
        {
            Description = "Learning rate of the localisation network, relative to the rest.",
            DefaultValueFactory = _ => 1.0,
        };
        factor.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= 1000))
                result.AddError($"--loc-factor is {token.Value}; it has to be a number from 0 to 1000.");
        });
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Folder of the results.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "samples", "DistortedFashion")),
        };
        var dataFolder = new Option<string?>("--data-folder") { Description = "Folder with the four files of Fashion-MNIST, if it is not that of Debian's package." };
        var dataHome = new Option<string?>("--data-home") { Description = "Web address that ends in a slash, to download the four files from." };
        dataHome.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(Uri.TryCreate(token.Value, UriKind.Absolute, out var home) && home.Scheme is "http" or "https" && token.Value.EndsWith('/')))
                result.AddError($"--data-home is {token.Value}; it has to be an http or https address that ends in a slash.");
        });

        var root = new RootCommand("Trains classifiers on distorted Fashion-MNIST, with and without a spatial transformer, in ML.NET pipelines.")
        {
            distortion, models, epochs, images, testImages, seed, dataSeed, threads, batch, factor, output, dataFolder, dataHome,
        };
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
            LocalisationFactor = parsed.GetValue(factor),
            Output = parsed.GetRequiredValue(output).FullName,
            Files = Files(parsed),
        }).RunAsync(cancellationToken));

        var model = new Option<FileInfo>("--model") { Description = "The saved model.", Required = true };
        model.AcceptExistingOnly();
        var sheet = new Option<FileInfo?>("--sheet") { Description = "PNG file for a contact sheet of the first predictions." };
        var report = new Option<FileInfo?>("--report") { Description = "JSON file for the count of wrong predictions." };
        var predict = new Command("predict", "Loads a saved model and predicts the test images.")
        {
            model, distortion, testImages, dataSeed, dataFolder, dataHome, sheet, report,
        };
        predict.SetAction((parsed, cancellationToken) => new PredictionRun(console, new PredictionOptions
        {
            Model = parsed.GetRequiredValue(model).FullName,
            Distortion = Distortion.Named(parsed.GetRequiredValue(distortion)),
            TestImages = parsed.GetValue(testImages),
            DataSeed = parsed.GetValue(dataSeed),
            Sheet = parsed.GetValue(sheet)?.FullName,
            Report = parsed.GetValue(report)?.FullName,
            Files = Files(parsed),
        }).RunAsync(cancellationToken));
        root.Add(predict);
        return root;

        FashionMnistFiles Files(ParseResult parsed)
        {
            var usual = new FashionMnistFiles();
            var folder = parsed.GetValue(dataFolder);
            return new FashionMnistFiles
            {
                Report = folder is null ? line => console.MarkupLineInterpolated($"[grey]{line}[/]") : null,
                InstalledFolder = folder ?? usual.InstalledFolder,
                MayDownload = folder is null,
                Home = parsed.GetValue(dataHome) is { } home ? new Uri(home) : usual.Home,
            };
        }
    }

    private static Option<int> Whole(string name, string description, int value, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, CultureInfo.InvariantCulture, out var given) && given >= least && given <= most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {token.Value}; it has to be a whole number from {least} to {most}."));
        });
        return option;
    }
}
