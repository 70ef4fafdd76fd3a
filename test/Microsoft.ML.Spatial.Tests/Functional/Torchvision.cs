using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>torchvision's own operators: what they gave once, and, where Debian's Python has them, what they give now.</summary>
internal static class Torchvision
{
    private const string Python = "/usr/bin/python3";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A call in double precision.</summary>
    /// <param name="Function">A function of torchvision.ops.</param>
    /// <param name="Tensors">Its arguments that are tensors, by name.</param>
    /// <param name="Options">Its other arguments, by name.</param>
    /// <param name="Gradient">The gradient of its result; null where there is none.</param>
    /// <param name="Expected">The result under <c>""</c>, and the gradient of each tensor under its name.</param>
    internal sealed record Case(
        string Function, Dictionary<string, TensorData> Tensors, Dictionary<string, JsonElement> Options, double[]? Gradient = null, Dictionary<string, double[]>? Expected = null);

    /// <summary>A tensor, row major, of double precision or, where its numbers are whole, int64.</summary>
    internal sealed record TensorData(double[] Values, long[] Shape, bool IsWhole = false);

    /// <summary>A call whose results are stored in a file beside the tests.</summary>
    internal static Case Stored(string file) => JsonSerializer.Deserialize<Case>(File.ReadAllText(PathOf(file)), Json)!;

    /// <summary>Does a call; the test is inconclusive where there is no torchvision.</summary>
    internal static Dictionary<string, double[]> Run(Case call)
    {
        if (!IsInstalled)
            Assert.Inconclusive("python3-torchvision is not installed.");
        var start = new ProcessStartInfo(Python, [PathOf("torchvision_run.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(JsonSerializer.Serialize(call, Json));
        process.StandardInput.Close();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonSerializer.Deserialize<Dictionary<string, double[]>>(answer)!;
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Functional", file);

    private static bool IsInstalled
    {
        get
        {
            if (!File.Exists(Python))
                return false;
            using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torchvision"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
