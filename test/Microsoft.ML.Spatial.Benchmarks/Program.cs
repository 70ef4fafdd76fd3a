using System.Globalization;
using Microsoft.ML.Spatial.Benchmarks;

switch (args.FirstOrDefault())
{
    case WarpMemory.Command:
        WarpMemory.Measure(args);
        return 0;
    case DeformBench.MemoryCommand:
        DeformBench.MeasureMemory(args);
        return 0;
}

// NAME [threads [repetitions]]
var threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var repetitions = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 7;
switch (args.FirstOrDefault())
{
    case "stn-training":
        await StnTrainingBench.Run(threads, repetitions);
        return 0;
    case "detector-training":
        await DetectorTrainingBench.Run(threads, repetitions);
        return 0;
    case "scoring":
        await ScoringBench.Run(threads, repetitions);
        return 0;
    case "warp":
        WarpBench.Run(repetitions);
        return 0;
    case "deform":
        DeformBench.Run(repetitions);
        return 0;
    case "roi":
        RoIBench.Run(repetitions);
        return 0;
    default:
        Console.Error.WriteLine("usage: build/bench NAME [threads [repetitions]]    NAME: stn-training, detector-training, scoring, warp, deform, roi");
        return 2;
}
