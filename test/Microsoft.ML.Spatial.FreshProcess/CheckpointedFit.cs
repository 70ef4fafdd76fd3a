using Microsoft.ML;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>A fit with checkpoints that can be killed at any moment and gone on with.</summary>
public static class CheckpointedFit
{
    /// <summary>Fits on made-up rows, says each epoch once it is finished, and gives the hash of the trained weights.</summary>
    /// <param name="folder">The folder of the checkpoint; null keeps none.</param>
    /// <param name="say">Takes a line after each epoch.</param>
    public static string WeightHash(string? folder, Action<string> say)
    {
        var ml = new MLContext(7);
        var options = StandardFit.Options();
        options.Epochs = 6;
        options.ValidationFraction = 0.2;
        options.CheckpointFolder = folder;
        options.EpochCompleted = epoch => say($"epoch {epoch.Epoch}");
        using var model = StandardFit.Pipeline(ml, options).Fit(ml.Data.LoadFromEnumerable(ShapeRows.Make(60, seed: 3)));
        return StandardFit.WeightHash(model.OfType<SpatialTransformerClassifier>().Single());
    }
}
