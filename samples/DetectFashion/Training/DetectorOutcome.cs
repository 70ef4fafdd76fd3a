using Microsoft.ML.Spatial.Samples.DetectFashion.Reporting;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>What came of one detector, and what is drawn of it.</summary>
/// <param name="Result">The figures.</param>
/// <param name="Found">What was found in each test scene.</param>
/// <param name="Sampled">Where it looks in the first ones; none of a detector without deformable convolutions.</param>
internal sealed record DetectorOutcome(DetectorResult Result, FoundObjects[] Found, SampledScene[] Sampled);
