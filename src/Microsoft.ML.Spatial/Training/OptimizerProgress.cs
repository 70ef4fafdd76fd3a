namespace Microsoft.ML.Spatial.Training;

/// <summary>How far an optimiser has come, apart from its tensors; as JSON it is part of a checkpoint.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="LearningRate">Learning rate of the latest step, before the sets' factors.</param>
/// <param name="ParameterSteps">Steps that each parameter took part in, where the optimiser counts them.</param>
/// <param name="HasGradient">Which parameters have had a gradient: from then on they take part in every step.</param>
internal sealed record OptimizerProgress(long Step, double LearningRate, long[] ParameterSteps, bool[] HasGradient);
