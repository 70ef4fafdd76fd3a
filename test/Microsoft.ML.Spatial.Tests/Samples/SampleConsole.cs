using Spectre.Console;

namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>Runs a sample's command line and catches what it writes.</summary>
internal static class SampleConsole
{
    /// <summary>The exit code and the text.</summary>
    public static async Task<(int Code, string Text)> RunAsync(Func<IAnsiConsole, Task<int>> program)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 1000;
        int code = await program(console);
        return (code, writer.ToString());
    }

    /// <summary>Holds that a run failed and had not begun to do anything.</summary>
    public static async Task AssertRefusedAsync(Task<(int Code, string Text)> run)
    {
        var (code, text) = await run;
        Assert.AreNotEqual(0, code);
        Assert.AreEqual("", text);
    }
}
