using System.Globalization;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Training;
using Microsoft.ML.Spatial.Samples.FashionPairs.Data;
using Microsoft.ML.Spatial.Samples.FashionPairs.Reporting;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Training;

/// <summary>Trains one model in ML.NET, saves it, loads it again and measures both on the test pictures.</summary>
internal sealed class PairTraining(IAnsiConsole console, PairOptions options, FashionMnistDataSet data, PairModel pair)
{
    /// <summary>Names of the columns that a model with transformers adds.</summary>
    public const string ThetaColumnName = "Theta", RectifiedColumnName = "Rectified";

    /// <summary>Trains, saves, reloads, measures, draws.</summary>
    public PairResult Run(CancellationToken cancellationToken)
    {
        var run = options.Run;
        var ml = new MLContext(run.Seed);
        var training = FashionPairsView.Training(data, run.Images, run.DataSeed);
        var test = FashionPairsView.Test(data, run.TestImages, run.DataSeed);
        var log = new EpochLog(console, pair.Name);
        var trainer = ml.MulticlassClassification.Trainers.SpatialTransformer(TrainerOptions(log, cancellationToken));

        var folder = Path.Combine(run.Output, pair.Name);
        return ReloadedModel.Run(console, ml, pair.Name, trainer, training, folder, Measure, cancellationToken);

        PairResult Measure(SpatialTransformerClassifier model, ITransformer reloaded, string file)
        {
            var predictions = console.Status().Start($"{pair.Name}: testing", _ => Predict(model, test));
            var wrong = Enumerable.Range(0, test.Count).Count(row => predictions[row] != test.Class(row) + 1);
            var same = console.Status().Start($"{pair.Name}: testing the saved model", _ => Predict(reloaded, test)).SequenceEqual(predictions);
            var result = new PairResult(pair.Name, model.ParameterCount, wrong, 100.0 * wrong / test.Count, same, log.ImagesPerSecond, log.Epochs, file);
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"{pair.Name,-11}  test error {result.TestError:F2} % of {test.Count} pictures; saved, loaded again, {(same ? "predicts the same" : "PREDICTS OTHERWISE")}: {file}");
            if (pair.Transformers > 0)
            {
                var sheet = Path.Combine(folder, "prediction.png");
                PairSheet.Save(reloaded, data, options, pair, result.TestError, sheet);
                console.MarkupLineInterpolated($"{pair.Name,-11}  contact sheet {sheet}");
            }

            return result;
        }
    }

    /// <summary>The predicted keys, in the order of the rows.</summary>
    private static uint[] Predict(ITransformer model, FashionPairsView view)
    {
        var scored = model.Transform(view);
        var column = scored.Schema["PredictedLabel"];
        using var cursor = scored.GetRowCursor([column]);
        var getter = cursor.GetGetter<uint>(column);
        var predictions = new uint[view.Count];
        while (cursor.MoveNext())
            getter(ref predictions[cursor.Position]);
        return predictions;
    }

    private SpatialTransformerTrainer.Options TrainerOptions(EpochLog log, CancellationToken cancellationToken)
    {
        var run = options.Run;
        var trainer = new SpatialTransformerTrainer.Options
        {
            Architecture = pair.Architecture,
            ImageChannels = 3,
            Epochs = run.Epochs,
            BatchSize = run.Batch,
            ValidationSet = FashionPairsView.Validation(data, run.Images, run.Epochs, run.DataSeed),
            Seed = run.Seed,
            NumberOfThreads = run.Threads,
            EpochCompleted = log.Add,
            CancellationToken = cancellationToken,
        };
        if (pair.Transformers > 0)
        {
            trainer.Transformation = options.Transformation;
            trainer.ParallelTransformers = pair.Transformers;
            trainer.RectifiedHeight = trainer.RectifiedWidth = FashionMnistSplit.Side;
            trainer.ThetaColumnName = ThetaColumnName;
            trainer.RectifiedColumnName = RectifiedColumnName;
        }

        return trainer;
    }
}
