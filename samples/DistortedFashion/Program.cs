using Microsoft.ML.Spatial.Samples.DistortedFashion;
using Spectre.Console;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The first Ctrl+C ends the training with the best model so far; a second one ends the program.
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

return await CommandLine.RunAsync(args, console, cancellation.Token);
