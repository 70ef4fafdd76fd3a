using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML;

/// <summary>Spatial transformer networks in the catalogs of <see cref="MLContext"/>.</summary>
public static class SpatialTransformerCatalog
{
    /// <summary>A trainer of an image classifier with a spatial transformer network.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The column of class labels, a key.</param>
    /// <param name="imageColumnName">The column of images: <c>MLImage</c>. (Float vectors need the other overload, to state their shape.)</param>
    /// <param name="scoreColumnName">The column of softmax scores, a float vector of one value a class.</param>
    /// <param name="predictedLabelColumnName">The column of the predicted class, a key.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="transformation">What the spatial transformer may do to its input.</param>
    /// <param name="epochs">Passes over the training data, at least 1.</param>
    /// <param name="batchSize">Images in one step of the optimiser, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the error names it.</exception>
    public static SpatialTransformerTrainer SpatialTransformer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        SpatialArchitecture architecture = SpatialArchitecture.StCnn,
        TransformationKind transformation = TransformationKind.Affine,
        int epochs = 10,
        int batchSize = 128) => catalog.SpatialTransformer(new SpatialTransformerTrainer.Options
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            Architecture = architecture,
            Transformation = transformation,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>A trainer of an image classifier with a spatial transformer network, with every knob.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public static SpatialTransformerTrainer SpatialTransformer(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SpatialTransformerTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SpatialTransformerTrainer(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>An estimator that learns from class labels to rectify images.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of rectified images, a float vector [C, H, W].</param>
    /// <param name="inputColumnName">The column of images: <c>MLImage</c>. (Float vectors need the other overload, to state their shape.)</param>
    /// <param name="labelColumnName">The column of class labels, a key.</param>
    /// <param name="architecture">The network that is trained: <see cref="SpatialArchitecture.StCnn"/>, <see cref="SpatialArchitecture.StCnnMulti"/> or <see cref="SpatialArchitecture.StFcn"/>.</param>
    /// <param name="transformation">What the spatial transformer may do to its input.</param>
    /// <param name="epochs">Passes over the training data, at least 1.</param>
    /// <param name="batchSize">Images in one step of the optimiser, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the error names it.</exception>
    public static SpatialTransformerEstimator SpatialTransformer(
        this TransformsCatalog catalog,
        string outputColumnName = "Rectified",
        string inputColumnName = "Image",
        string labelColumnName = "Label",
        SpatialArchitecture architecture = SpatialArchitecture.StCnn,
        TransformationKind transformation = TransformationKind.Affine,
        int epochs = 10,
        int batchSize = 128) => catalog.SpatialTransformer(new SpatialTransformerEstimator.Options
        {
            OutputColumnName = outputColumnName,
            ImageColumnName = inputColumnName,
            LabelColumnName = labelColumnName,
            Architecture = architecture,
            Transformation = transformation,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>An estimator that learns from class labels to rectify images, with every knob.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public static SpatialTransformerEstimator SpatialTransformer(this TransformsCatalog catalog, SpatialTransformerEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SpatialTransformerEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
