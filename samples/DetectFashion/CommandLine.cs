using System.CommandLine;
using Microsoft.ML.Spatial.Samples.DetectFashion.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DetectFashion;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything is written.</param>
    /// <param name="cancellationToken">Ends a training with the best model so far.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, IAnsiConsole console, CancellationToken cancellationToken) =>
        SampleProgram.InvokeAsync(Build(console), arguments, console, cancellationToken);

    private static RootCommand Build(IAnsiConsole console)
    {
        var models = new Option<string[]>("--model")
        {
            Description = "What to train, one or more: a one-stage detector plain or deformable, Faster R-CNN or R-FCN, each plain or deformable too.",
            DefaultValueFactory = _ => [.. DetectorModel.Default.Select(m => m.Name)],
            AllowMultipleArgumentsPerToken = true,
        };
        models.AcceptOnlyFromAmong([.. DetectorModel.All.Select(m => m.Name)]);
        var checkpoints = new Option<DirectoryInfo?>("--checkpoints")
        {
            Description = "Folder in which each finished epoch is kept; a run that was ended, in whatever way, goes on from there.",
        };
        var run = new RunOptions("DetectFashion", defaultEpochs: 10, defaultBatch: 16, defaultImages: 8000, defaultTestImages: 2000);

        var root = new RootCommand("Trains detectors of fashion items in cluttered scenes, with and without deformable convolutions.") { models, checkpoints };
        run.AddTo(root);
        root.SetAction((parsed, cancellationToken) => new DetectExperiment(
            console,
            new DetectOptions([.. parsed.GetRequiredValue(models).Distinct().Select(DetectorModel.Named)], run.Read(parsed, console), parsed.GetValue(checkpoints)?.FullName)).RunAsync(cancellationToken));
        return root;
    }
}
