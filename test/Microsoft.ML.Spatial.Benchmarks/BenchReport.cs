using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>What a benchmark found: a table for people and <c>artifacts/bench/NAME.json</c> for programs.</summary>
internal sealed class BenchReport(string name, int threads)
{
    private readonly JsonObject _ratios = [];
    private readonly JsonObject _memory = [];
    private readonly JsonArray _cases = [];

    /// <summary>Adds a row: what one contender did in a case, and how much of it a second.</summary>
    public void Add(string @case, Contender contender, double units, string unit)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{@case,-34} {contender.Name,-22} {units / contender.Wall,10:F1} {unit,-9} median wall {contender.Wall * 1e3,9:F2} ms  cpu/wall {contender.Cpu / contender.Wall,4:F2}  of {contender.Timings.Count}"));
        _cases.Add(new JsonObject
        {
            ["case"] = @case,
            ["contender"] = contender.Name,
            [unit] = units / contender.Wall,
            ["wall_ms"] = contender.Wall * 1e3,
            ["cpu_ms"] = contender.Cpu * 1e3,
            ["repetitions"] = contender.Timings.Count,
        });
    }

    /// <summary>Adds a ratio: the peer's time over ours, so that above 1 we are faster.</summary>
    public void Ratio(string key, Contender peer, Contender ours)
    {
        Ratio(key, peer.Wall / ours.Wall);
    }

    /// <summary>Adds a ratio of several cases.</summary>
    public void Ratio(string key, double ratio)
    {
        _ratios[key] = ratio;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-34} ratio {key} = {ratio:F3}"));
    }

    /// <summary>Adds how much a process grew at most, above its inputs and results.</summary>
    public void Memory(string key, double mebibytes)
    {
        _memory[key] = mebibytes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-34} memory {key} = {mebibytes:F2} MiB"));
    }

    /// <summary>Writes the file.</summary>
    public void Save()
    {
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "bench")).FullName;
        var path = Path.Combine(folder, name + ".json");
        var report = new JsonObject { ["bench"] = name, ["threads"] = threads, ["ratios"] = _ratios, ["memory_mib"] = _memory, ["cases"] = _cases };
        File.WriteAllText(path, report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        Console.WriteLine($"written to {Path.GetRelativePath(".", path)}");
    }
}
