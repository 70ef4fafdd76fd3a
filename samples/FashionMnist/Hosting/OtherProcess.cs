using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>Runs a sample program once more, in a process of its own.</summary>
internal static class OtherProcess
{
    /// <summary>Runs the program with other arguments and waits for it.</summary>
    /// <param name="assembly">The program.</param>
    /// <param name="report">Told each line that the process writes.</param>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="InvalidOperationException">The process failed; the message holds what it wrote to its error stream.</exception>
    public static async Task RunAsync(Assembly assembly, Action<string> report, params string[] arguments)
    {
        var self = Environment.ProcessPath ?? "dotnet";
        // Started as 'dotnet PROGRAM.dll', or hosted by a test runner, the process is not this program by itself.
        var isProgram = string.Equals(Path.GetFileNameWithoutExtension(self), assembly.GetName().Name, StringComparison.OrdinalIgnoreCase);
        var isHost = string.Equals(Path.GetFileNameWithoutExtension(self), "dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isProgram || isHost ? self : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        if (!isProgram)
            start.ArgumentList.Add(assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            report(line);

        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' ended with code {process.ExitCode}. {await errors.ConfigureAwait(false)}".TrimEnd());
    }
}
