using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Training;
using Microsoft.ML.Spatial.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>Trains one model in an ML.NET pipeline, measures it on the test images and saves it.</summary>
internal sealed class ModelTraining(IAnsiConsole console, ExperimentOptions options, FashionMnistDataSet data, TableNetwork network)
{
    /// <summary>Names of the columns that a model with a transformer adds.</summary>
    public const string ThetaColumnName = "Theta", RectifiedColumnName = "Rectified";

    /// <summary>Name of the column with the predicted class as text.</summary>
    public const string PredictedClassColumnName = "PredictedClass";

    /// <summary>Trains, evaluates, saves.</summary>
    public ModelResult Run(CancellationToken cancellationToken)
    {
        var ml = new MLContext(options.Run.Seed);
        var training = DistortedFashionView.Training(data, options.Distortion, options.Run.Images, options.Run.DataSeed);
        var test = DistortedFashionView.Test(data, options.Distortion, options.Run.TestImages, options.Run.DataSeed);
        var log = new EpochLog(console, network.Name);
        var pipeline = ml.MulticlassClassification.Trainers.SpatialTransformer(TrainerOptions(cancellationToken, log))
            .Append(ml.Transforms.Conversion.MapKeyToValue(PredictedClassColumnName, "PredictedLabel"));

        using var model = console.Status().Start($"{network.Name}: training", _ => pipeline.Fit(training));
        var classifier = model.OfType<SpatialTransformerClassifier>().Single();
        if (cancellationToken.IsCancellationRequested)
            console.MarkupLine("[yellow]Cancelled: this is the best model so far.[/]");

        var metrics = console.Status().Start($"{network.Name}: testing", _ => ml.MulticlassClassification.Evaluate(model.Transform(test)));
        var wrong = Wrong(metrics, options.Run.TestImages);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{network.Name,-11}  test error {100.0 * wrong / options.Run.TestImages:F2} % of {options.Run.TestImages} images");

        var file = Path.Combine(options.Run.Output, network.Name, "model.zip");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        ml.Model.SaveModel(model, training.Schema, file);
        return new ModelResult
        {
            Model = network.Name,
            Parameters = classifier.ParameterCount,
            TestWrong = wrong,
            TestError = 100.0 * wrong / options.Run.TestImages,
            ImagesPerSecond = log.ImagesPerSecond,
            Epochs = log.Epochs,
            ModelFile = file,
        };
    }

    /// <summary>How many of the images a model got wrong.</summary>
    public static int Wrong(MulticlassClassificationMetrics metrics, int images) => (int)Math.Round((1 - metrics.MicroAccuracy) * images);

    private SpatialTransformerTrainer.Options TrainerOptions(CancellationToken cancellationToken, EpochLog log)
    {
        return new SpatialTransformerTrainer.Options
        {
            Architecture = network.Architecture,
            Transformation = network.Transformation,
            // The pictures are grey: one channel says it all.
            ImageChannels = 1,
            RectifiedHeight = network.Transforms ? FashionMnistSplit.Side : null,
            RectifiedWidth = network.Transforms ? FashionMnistSplit.Side : null,
            ThetaColumnName = network.Transforms ? ThetaColumnName : null,
            RectifiedColumnName = network.Transforms ? RectifiedColumnName : null,
            Epochs = options.Run.Epochs,
            BatchSize = options.Run.Batch,
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-3,
            LearningRateSchedule = LearningRateSchedule.Cosine,
            LocalisationLearningRateFactor = options.LocalisationFactor,
            ValidationSet = DistortedFashionView.Validation(data, options.Distortion, options.Run.Images, options.Run.Epochs, options.Run.DataSeed),
            Seed = options.Run.Seed,
            NumberOfThreads = options.Run.Threads,
            EpochCompleted = log.Add,
            CancellationToken = cancellationToken,
        };
    }
}
