using System.Diagnostics;
using Microsoft.ML.Spatial.FreshProcess;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Runs the program of the FreshProcess project, which lies beside the tests.</summary>
internal static class FreshProcesses
{
    public static string Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, error.Result);
        return output;
    }

    /// <summary>Starts the program without waiting for it.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(StandardFit).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
