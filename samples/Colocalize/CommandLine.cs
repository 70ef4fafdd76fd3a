using System.CommandLine;
using Microsoft.ML.Spatial.Samples.Colocalize.Training;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.Colocalize;

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
        var classes = new Option<string[]>("--class")
        {
            Description = "The class the pictures have in common, one or several; a model is trained for each.",
            DefaultValueFactory = _ => [.. FashionMnistDataSet.ClassNames],
            AllowMultipleArgumentsPerToken = true,
        };
        classes.AcceptOnlyFromAmong([.. FashionMnistDataSet.ClassNames]);
        var run = new RunOptions("Colocalize", defaultEpochs: 12, defaultBatch: 64);

        var root = new RootCommand("Finds the object that pictures have in common, with a spatial transformer trained without labels.") { classes };
        run.AddTo(root);
        root.SetAction((parsed, cancellationToken) => new ColocalizeExperiment(
            console,
            new ColocalizeOptions([.. parsed.GetRequiredValue(classes).Distinct().Select(LabelOf)], run.Read(parsed, console))).RunAsync(cancellationToken));
        return root;
    }

    private static int LabelOf(string name) => Enumerable.Range(0, FashionMnistDataSet.ClassNames.Count).Single(label => FashionMnistDataSet.ClassNames[label] == name);
}
