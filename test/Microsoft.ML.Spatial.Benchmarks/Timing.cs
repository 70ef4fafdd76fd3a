namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>Wall and processor seconds of one repetition, of this process or of a peer's.</summary>
internal readonly record struct Timing(double Wall, double Cpu);
