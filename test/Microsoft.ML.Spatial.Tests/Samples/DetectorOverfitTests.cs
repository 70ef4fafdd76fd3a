using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Training;

namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>A detector that works learns a few scenes by heart.</summary>
[TestClass]
public sealed class DetectorOverfitTests
{
    private const int Scenes = 16;

    [TestMethod]
    [DataRow("plain", 60)]
    [DataRow("deformable", 60)]
    [DataRow("faster-r-cnn", 50)]
    [DataRow("deformable-faster-r-cnn", 50)]
    [DataRow("r-fcn", 160)]
    [DataRow("deformable-r-fcn", 160)]
    public async Task LearnsAFewScenesByHeart(string name, int epochs)
    {
        var ml = new MLContext(1);
        var scenes = FashionSceneView.Training(await FashionMnistData.RealAsync(), Scenes, seed: 0);
        var detector = DetectorModel.Named(name);
        var options = new DeformableDetectorTrainer.Options
        {
            Architecture = detector.Architecture,
            DeformableLayers = detector.DeformableLayers,
            DeformableRoIPooling = detector.IsTwoStage && detector.IsDeformable,
            ImageChannels = 1,
            BatchSize = 4,
            Epochs = epochs,
            WarmupSteps = 20,
            HorizontalFlipProbability = 0,
            Seed = 1,
        };
        if (detector.IsTwoStage)
            options.Proposals = 40;
        using var model = ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(scenes);

        var metrics = ml.MulticlassClassification.EvaluateDetections(model.Transform(scenes));

        Assert.IsGreaterThan(0.95, metrics.AveragePrecision50, $"{metrics}\n{string.Join(", ", model.Epochs.Select(epoch => epoch.TrainingLoss))}");
    }
}
