using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class TwoStageDetectorTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(DetectionArchitecture.FasterRcnn, 0, false)]
    [DataRow(DetectionArchitecture.FasterRcnn, 2, true)]
    [DataRow(DetectionArchitecture.Rfcn, 0, false)]
    [DataRow(DetectionArchitecture.Rfcn, 2, true)]
    public void FindsObjects(DetectionArchitecture architecture, int deformableLayers, bool deformableRoIPooling)
    {
        var options = Options(architecture, deformableLayers, deformableRoIPooling);
        options.Epochs = 16;
        using var model = _ml.MulticlassClassification.Trainers.DeformableDetector(options).Fit(Scenes.View(_ml, 240));

        var metrics = _ml.MulticlassClassification.EvaluateDetections(model.Transform(Scenes.Keyed(_ml, Scenes.Make(60, seed: 77))));

        Assert.IsGreaterThan(0.9, metrics.AveragePrecision50, metrics.ToString());
    }

    private static DeformableDetectorTrainer.Options Options(DetectionArchitecture architecture, int deformableLayers, bool deformableRoIPooling)
    {
        var options = Scenes.Options(deformableLayers: deformableLayers);
        (options.Architecture, options.DeformableRoIPooling, options.Proposals) = (architecture, deformableRoIPooling, 16);
        return options;
    }
}
