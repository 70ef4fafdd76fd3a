using Microsoft.ML.Spatial.Samples.DetectFashion;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

return await SampleProgram.RunAsync((console, cancellationToken) => CommandLine.RunAsync(args, console, cancellationToken));
