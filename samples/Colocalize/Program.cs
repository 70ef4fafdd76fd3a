using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;
using Microsoft.ML.Spatial.Samples.Colocalize;

return await SampleProgram.RunAsync((console, cancellationToken) => CommandLine.RunAsync(args, console, cancellationToken));
