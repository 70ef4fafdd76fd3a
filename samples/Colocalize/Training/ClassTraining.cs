using System.Globalization;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Samples.Colocalize.Data;
using Microsoft.ML.Spatial.Samples.Colocalize.Reporting;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Training;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Training;

/// <summary>Trains one model on the unlabelled pictures of one class, saves it, loads it again and measures both on test pictures.</summary>
internal sealed class ClassTraining(IAnsiConsole console, ColocalizeOptions options, FashionMnistDataSet data, int label)
{
    private readonly string _name = FashionMnistDataSet.ClassNames[label];

    /// <summary>Trains, saves, reloads, measures, draws.</summary>
    public ClassResult Run(CancellationToken cancellationToken)
    {
        var run = options.Run;
        var ml = new MLContext(run.Seed);
        var training = CommonClassView.Training(data, run.Images, label, run.DataSeed);
        var test = CommonClassView.Test(data, run.TestImages, label, run.DataSeed);
        var estimator = ml.Transforms.SpatialTransformer(new SpatialTransformerEstimator.Options
        {
            Objective = SpatialObjective.Colocalisation,
            Transformation = TransformationKind.Attention,
            WindowSize = (double)FashionMnistSplit.Side / training.Side,
            ImageChannels = 1,
            RectifiedHeight = FashionMnistSplit.Side,
            RectifiedWidth = FashionMnistSplit.Side,
            ThetaColumnName = FoundBox.ThetaColumnName,
            Epochs = run.Epochs,
            BatchSize = run.Batch,
            Seed = run.Seed,
            NumberOfThreads = run.Threads,
            CancellationToken = cancellationToken,
        });

        var folder = Path.Combine(run.Output, _name.Replace('/', '-'));
        return ReloadedModel.Run(console, ml, _name, estimator, training, folder, Measure, cancellationToken);

        ClassResult Measure(SpatialTransformerRectifier model, ITransformer reloaded, string file)
        {
            var boxes = FoundBox.Of(model, test);
            var same = FoundBox.Of(reloaded, test).Zip(boxes).All(pair => pair.First.Theta.AsSpan().SequenceEqual(pair.Second.Theta));
            var result = new ClassResult(
                _name,
                training.Count,
                boxes.Length,
                boxes.Count(box => box.Overlap > FoundBox.Enough),
                boxes.Average(box => box.Overlap),
                same,
                model.Epochs.Count > 0 ? model.Epochs[^1].TrainingLoss : null,
                model.Epochs.Count > 0 ? model.Epochs[^1].Elapsed.TotalSeconds : 0,
                file);
            BoxSheet.Save(reloaded, test, boxes, _name, result, Path.Combine(folder, "found.png"));
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"{_name,-11}  {result.FoundShare:F1} % of {result.Boxes} boxes above IoU 0.5, mean IoU {result.MeanOverlap:F3}, co-localisation loss (hinge plus overhang) {result.TrainingLoss:F3}, {result.TrainingSeconds:F0} s; saved, loaded again, {(same ? "finds the same" : "FINDS OTHERWISE")}: {folder}");
            return result;
        }
    }
}
