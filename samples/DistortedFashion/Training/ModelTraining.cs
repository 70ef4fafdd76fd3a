using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>Trains one model in an ML.NET pipeline, measures it on the test images and saves it.</summary>
internal sealed class ModelTraining(IAnsiConsole console, ExperimentOptions options, FashionMnistDataSet data, string name)
{
    /// <summary>Names of the columns that a model with a transformer adds.</summary>
    public const string ThetaColumnName = "Theta", RectifiedColumnName = "Rectified";

    /// <summary>Name of the column with the predicted class as text.</summary>
    public const string PredictedClassColumnName = "PredictedClass";

    /// <summary>Trains, evaluates, saves.</summary>
    public ModelResult Run(CancellationToken cancellationToken)
    {
        var ml = new MLContext(options.Seed);
        var training = DistortedFashionView.Training(data, options.Distortion, options.Images, options.DataSeed);
        var test = DistortedFashionView.Test(data, options.Distortion, options.TestImages, options.DataSeed);
        var epochs = new List<EpochResult>();
        var pipeline = ml.MulticlassClassification.Trainers.SpatialTransformer(TrainerOptions(cancellationToken, epochs))
            .Append(ml.Transforms.Conversion.MapKeyToValue(PredictedClassColumnName, "PredictedLabel"));

        using var model = console.Status().Start($"{name}: training", _ => pipeline.Fit(training));
        var classifier = model.OfType<SpatialTransformerClassifier>().Single();
        if (cancellationToken.IsCancellationRequested)
            console.MarkupLine("[yellow]Cancelled: this is the best model so far.[/]");

        var metrics = console.Status().Start($"{name}: testing", _ => ml.MulticlassClassification.Evaluate(model.Transform(test)));
        var wrong = Wrong(metrics, options.TestImages);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{name,-6}  test error {100.0 * wrong / options.TestImages:F2} % of {options.TestImages} images");

        var file = Path.Combine(options.Output, name, "model.zip");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        ml.Model.SaveModel(model, training.Schema, file);
        return new ModelResult
        {
            Model = name,
            Parameters = classifier.ParameterCount,
            TestWrong = wrong,
            TestError = 100.0 * wrong / options.TestImages,
            ImagesPerSecond = epochs.Count > 0 ? epochs.Count / epochs.Sum(e => 1 / e.ImagesPerSecond) : 0,
            Epochs = epochs,
            ModelFile = file,
        };
    }

    /// <summary>How many of the images a model got wrong.</summary>
    public static int Wrong(MulticlassClassificationMetrics metrics, int images) => (int)Math.Round((1 - metrics.MicroAccuracy) * images);

    private SpatialTransformerTrainer.Options TrainerOptions(CancellationToken cancellationToken, List<EpochResult> epochs)
    {
        var architecture = Enum.Parse<SpatialArchitecture>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        var transforms = architecture is SpatialArchitecture.StCnn or SpatialArchitecture.StFcn;
        return new SpatialTransformerTrainer.Options
        {
            Architecture = architecture,
            // The pictures are grey: one channel says it all.
            ImageChannels = 1,
            RectifiedHeight = transforms ? FashionMnistSplit.Side : null,
            RectifiedWidth = transforms ? FashionMnistSplit.Side : null,
            ThetaColumnName = transforms ? ThetaColumnName : null,
            RectifiedColumnName = transforms ? RectifiedColumnName : null,
            Epochs = options.Epochs,
            BatchSize = options.Batch,
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-3,
            LearningRateSchedule = LearningRateSchedule.Cosine,
            LocalisationLearningRateFactor = options.LocalisationFactor,
            ValidationSet = DistortedFashionView.Validation(data, options.Distortion, options.Images, options.Epochs, options.DataSeed),
            Seed = options.Seed,
            NumberOfThreads = options.Threads,
            EpochCompleted = epoch => Show(epoch, epochs),
            CancellationToken = cancellationToken,
        };
    }

    private void Show(TrainingEpoch epoch, List<EpochResult> epochs)
    {
        var result = new EpochResult(
            epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.ImagesPerSecond, Environment.WorkingSet);
        epochs.Add(result);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{name,-6}  epoch {epoch.Epoch}/{epoch.Epochs}  loss {result.TrainingLoss:F4}  validation accuracy {100 * result.ValidationAccuracy:F2} %  {result.ImagesPerSecond:F0} images/s  memory {result.WorkingSetBytes / (1 << 20)} MiB");
    }
}
