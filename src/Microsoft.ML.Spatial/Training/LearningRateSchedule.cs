namespace Microsoft.ML.Spatial.Training;

/// <summary>How the learning rate goes on from its first value.</summary>
public enum LearningRateSchedule
{
    /// <summary>Unchanged.</summary>
    Constant,

    /// <summary>Half a cosine from the first value down to 0 over all steps of all epochs: <c>lr/2 * (1 + cos(pi * step / steps))</c>.</summary>
    Cosine,

    /// <summary>The first value, multiplied by a factor after certain epochs (<see cref="Components.ImageTrainingOptions.StepEpochs"/>, <see cref="Components.ImageTrainingOptions.StepFactor"/>).</summary>
    Step,
}
