namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>What a pipeline over <see cref="ShapeRow"/> predicts.</summary>
public sealed class ShapePrediction
{
    /// <summary>Predicted class, as text.</summary>
    public string PredictedName { get; set; } = "";

    /// <summary>Softmax, one value a class.</summary>
    public float[] Score { get; set; } = [];
}
