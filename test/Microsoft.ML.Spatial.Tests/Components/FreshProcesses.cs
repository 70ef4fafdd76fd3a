using System.Diagnostics;
using Microsoft.ML.Spatial.FreshProcess;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Runs the program of the FreshProcess project, which lies beside the tests.</summary>
internal static class FreshProcesses
{
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(StandardFit).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, error.Result);
        return output;
    }
}
