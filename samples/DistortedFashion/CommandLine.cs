using System.CommandLine;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion;

/// <summary>The commands and options of the program.</summary>
internal static class CommandLine
{
    private static readonly string[] DistortionNames = [.. Distortion.All.Select(d => d.Name)];
    private static readonly string Descriptions = string.Join("; ", Distortion.All.Select(d => $"{d.Name}: {d.Description}"));

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything is written.</param>
    /// <param name="cancellationToken">Ends a training with the best model so far.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, IAnsiConsole console, CancellationToken cancellationToken) =>
        SampleProgram.InvokeAsync(Build(console), arguments, console, cancellationToken);

    private static RootCommand Build(IAnsiConsole console)
    {
        var distortions = new Option<string[]>("--distortion")
        {
            Description = $"{Descriptions}. Default RTS; with --table one or several, default all.",
            AllowMultipleArgumentsPerToken = true,
        };
        distortions.AcceptOnlyFromAmong(DistortionNames);
        var models = new Option<string[]>("--model")
        {
            Description = "What to train, one or several: networks of the paper's table; ST-FCN and ST-CNN are the affine ones. Default CNN and ST-CNN; with --table all.",
            AllowMultipleArgumentsPerToken = true,
        };
        models.AcceptOnlyFromAmong([.. TableNetwork.Names]);
        var table = new Option<bool>("--table")
        {
            Description = "Trains every model on every distortion and prints the errors beside those published for MNIST. Takes cells that an earlier run with the same settings finished from their files.",
        };
        var factor = NumberOption.Optional("--loc-factor", "Learning rate of the localisation network, relative to the rest; default 0.3 on E, 1 otherwise.", 0, 1000);
        var run = new RunOptions("DistortedFashion", defaultEpochs: 3, defaultBatch: 128);

        var root = new RootCommand("Trains classifiers on distorted Fashion-MNIST, with and without a spatial transformer, in ML.NET pipelines.")
        {
            distortions, models, table, factor,
        };
        run.AddTo(root);
        root.Validators.Add(result =>
        {
            if (!result.GetValue(table) && result.GetResult(distortions)?.Tokens is { Count: > 1 } several)
                result.AddError($"--distortion is {string.Join(' ', several.Select(t => t.Value))}; several need --table.");
        });
        root.SetAction((parsed, cancellationToken) =>
        {
            var isTable = parsed.GetValue(table);
            var settings = run.Read(parsed, console);
            var networks = parsed.GetValue(models) is { Length: > 0 } given ? given.Select(TableNetwork.Named).Distinct()
                : isTable ? TableNetwork.All
                : [TableNetwork.Named("CNN"), TableNetwork.Named("ST-CNN")];
            var columns = parsed.GetValue(distortions) is { Length: > 0 } named ? named.Select(Distortion.Named).Distinct()
                : isTable ? Distortion.All
                : [Distortion.Named("RTS")];
            var experiments = columns.Select(distortion => new ExperimentOptions
            {
                Distortion = distortion,
                Models = [.. networks],
                Run = isTable ? settings with { Output = Path.Combine(settings.Output, distortion.Name) } : settings,
                LocalisationFactor = parsed.GetValue(factor) ?? ExperimentOptions.ReferenceLocalisationFactor(distortion),
            }).ToList();
            return isTable
                ? new TableExperiment(console, experiments, settings.Output).RunAsync(cancellationToken)
                : new Experiment(console, experiments[0]).RunAsync(cancellationToken);
        });
        root.Add(Predict(console, run));
        return root;
    }

    private static Command Predict(IAnsiConsole console, RunOptions run)
    {
        var distortion = new Option<string>("--distortion") { Description = Descriptions, DefaultValueFactory = _ => "RTS" };
        distortion.AcceptOnlyFromAmong(DistortionNames);
        var model = new Option<FileInfo>("--model") { Description = "The saved model.", Required = true };
        model.AcceptExistingOnly();
        var sheet = new Option<FileInfo?>("--sheet") { Description = "PNG file for a contact sheet of the first predictions." };
        var report = new Option<FileInfo?>("--report") { Description = "JSON file for the count of wrong predictions." };
        var predict = new Command("predict", "Loads a saved model and predicts the test images.")
        {
            model, distortion, run.TestImages, run.DataSeed, sheet, report,
        };
        run.DataSet.AddTo(predict);
        predict.SetAction((parsed, cancellationToken) => new PredictionRun(console, new PredictionOptions
        {
            Model = parsed.GetRequiredValue(model).FullName,
            Distortion = Distortion.Named(parsed.GetRequiredValue(distortion)),
            TestImages = parsed.GetValue(run.TestImages),
            DataSeed = parsed.GetValue(run.DataSeed),
            Sheet = parsed.GetValue(sheet)?.FullName,
            Report = parsed.GetValue(report)?.FullName,
            Files = run.DataSet.Files(parsed, console),
        }).RunAsync(cancellationToken));
        return predict;
    }
}
