using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>A peer in Python, a child process that is told over a pipe when to run and answers with its own clock.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    /// <param name="script">A script of the folder Peers.</param>
    /// <param name="setup">Its first line of input.</param>
    public PythonPeer(string script, JsonObject setup)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE"; // an idle peer must not spin beside the other side
        _process = Process.Start(start) ?? throw new InvalidOperationException($"The peer {script} cannot be started.");
        Ask(setup.ToJsonString());
    }

    /// <summary>Has the peer do its work once.</summary>
    /// <param name="line">What it is told.</param>
    public Timing Run(string line = "run")
    {
        var answer = Ask(line);
        return new Timing((double)answer["wall"]!, (double)answer["cpu"]!);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private JsonNode Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer has ended; its error is above.");
        return JsonNode.Parse(answer) ?? throw new JsonException($"The peer answered '{answer}'.");
    }
}
