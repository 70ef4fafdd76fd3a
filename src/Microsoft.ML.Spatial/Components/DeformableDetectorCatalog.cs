using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML;

/// <summary>Object detection with deformable convolutions in the catalogs of <see cref="MLContext"/>.</summary>
public static class DeformableDetectorCatalog
{
    /// <summary>A trainer of an object detector with deformable convolutions.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The column of classes, a variable vector of keys, one an object.</param>
    /// <param name="boundingBoxColumnName">The column of boxes, a variable float vector: x0, y0, x1, y1 of each object, in pixels of the image.</param>
    /// <param name="imageColumnName">The column of images: <c>MLImage</c>. (Float vectors need the other overload, to state their shape.)</param>
    /// <param name="predictedLabelColumnName">The column of the predicted classes.</param>
    /// <param name="predictedBoundingBoxColumnName">The column of the predicted boxes.</param>
    /// <param name="scoreColumnName">The column of scores.</param>
    /// <param name="deformableLayers">How many convolutions, counted from the backbone's end, are deformable; 0 trains a plain detector.</param>
    /// <param name="epochs">Passes over the training data, at least 1.</param>
    /// <param name="batchSize">Images in one step of the optimiser, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the error names it.</exception>
    public static DeformableDetectorTrainer DeformableDetector(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string boundingBoxColumnName = "BoundingBoxes",
        string imageColumnName = "Image",
        string predictedLabelColumnName = "PredictedLabel",
        string predictedBoundingBoxColumnName = "PredictedBoundingBoxes",
        string scoreColumnName = "Score",
        int deformableLayers = 3,
        int epochs = 10,
        int batchSize = 16) => catalog.DeformableDetector(new DeformableDetectorTrainer.Options
        {
            LabelColumnName = labelColumnName,
            BoundingBoxColumnName = boundingBoxColumnName,
            ImageColumnName = imageColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            PredictedBoundingBoxColumnName = predictedBoundingBoxColumnName,
            ScoreColumnName = scoreColumnName,
            DeformableLayers = deformableLayers,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>A trainer of an object detector with deformable convolutions, with every knob.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public static DeformableDetectorTrainer DeformableDetector(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, DeformableDetectorTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeformableDetectorTrainer(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
