using System.CommandLine;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Microsoft.ML.Spatial.Samples.FashionPairs.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionPairs;

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
            Description = "What to train, one or several: a plain network, one transformer, or two side by side.",
            DefaultValueFactory = _ => ["CNN", "2xST-CNN"],
            AllowMultipleArgumentsPerToken = true,
        };
        models.AcceptOnlyFromAmong([.. PairModel.All.Select(m => m.Name)]);
        var transformation = new Option<TransformationKind>("--transformation")
        {
            Description = "What the transformers may do.",
            DefaultValueFactory = _ => TransformationKind.Affine,
        };
        var run = new RunOptions("FashionPairs", defaultEpochs: 4, defaultBatch: 64);

        var root = new RootCommand("Trains classifiers of two fashion items a picture on the sum of their labels, with and without two spatial transformers side by side.") { models, transformation };
        run.AddTo(root);
        root.SetAction((parsed, cancellationToken) => new PairExperiment(
            console,
            new PairOptions(
                [.. parsed.GetRequiredValue(models).Distinct().Select(PairModel.Named)],
                parsed.GetValue(transformation),
                run.Read(parsed, console))).RunAsync(cancellationToken));
        return root;
    }
}
