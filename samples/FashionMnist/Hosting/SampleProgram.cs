using System.CommandLine;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>What every sample program does around its own work: the console, Ctrl+C, and errors in one line.</summary>
internal static class SampleProgram
{
    /// <summary>The exit code of a run that did what it should.</summary>
    public const int Success = 0;

    /// <summary>The exit code of a run that did not.</summary>
    public const int Failure = 1;

    /// <summary>The exit code of a run that Ctrl+C ended.</summary>
    public const int Cancelled = 130;

    /// <summary>The exit code of a run that trained models.</summary>
    /// <param name="same">Whether each saved model, loaded again, did as the trained one; where one did not, the run failed, cancelled or not.</param>
    /// <param name="cancellationToken">Whether Ctrl+C ended it.</param>
    public static int ExitCode(bool same, CancellationToken cancellationToken) => !same ? Failure : cancellationToken.IsCancellationRequested ? Cancelled : Success;

    /// <summary>Runs a program on the process's own console; the first Ctrl+C cancels, a second one ends the process.</summary>
    /// <param name="run">The program: what it writes to, and what cancels it, to its exit code.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<IAnsiConsole, CancellationToken, Task<int>> run)
    {
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        };

        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            // A file or a pipe shows no colours and has no edge at which lines would have to be folded.
            console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
            console.Profile.Width = 1000;
        }

        return await run(console, cancellation.Token).ConfigureAwait(false);
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="root">The commands and options.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything is written.</param>
    /// <param name="cancellationToken">Ends a training with the best model so far.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(RootCommand root, string[] arguments, IAnsiConsole console, CancellationToken cancellationToken)
    {
        // Ctrl+C is the program's own affair: a cancelled training still has a model to save.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await root.Parse(arguments).InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
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
}
