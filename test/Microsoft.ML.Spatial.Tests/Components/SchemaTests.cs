using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class SchemaTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(SpatialArchitecture.Fcn)]
    [DataRow(SpatialArchitecture.Cnn)]
    [DataRow(SpatialArchitecture.StFcn)]
    [DataRow(SpatialArchitecture.StCnn)]
    [DataRow(SpatialArchitecture.StCnnMulti)]
    public void TrainerDeliversWhatItPromises(SpatialArchitecture architecture)
    {
        var options = Shapes.Options();
        options.Architecture = architecture;
        options.Epochs = 1;
        SchemaAssert.PromisedIsDelivered(_ml.MulticlassClassification.Trainers.SpatialTransformer(options), Shapes.Keyed(_ml, 24));
    }

    [TestMethod]
    [DataRow(TransformationKind.Affine)]
    [DataRow(TransformationKind.Attention)]
    [DataRow(TransformationKind.Projective)]
    [DataRow(TransformationKind.ThinPlateSpline)]
    public void TrainerWithThetaAndRectifiedDeliversWhatItPromises(TransformationKind transformation)
    {
        var options = Shapes.RichOptions();
        options.Transformation = transformation;
        options.Epochs = 1;
        SchemaAssert.PromisedIsDelivered(_ml.MulticlassClassification.Trainers.SpatialTransformer(options), Shapes.Keyed(_ml, 24));
    }

    [TestMethod]
    public void TrainerOverPicturesDeliversWhatItPromises()
    {
        var view = _ml.Data.LoadFromEnumerable(PictureRow.Make(24, 1));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        SchemaAssert.PromisedIsDelivered(_ml.MulticlassClassification.Trainers.SpatialTransformer(epochs: 1), keyed);
    }

    [TestMethod]
    [DataRow(RectifiedOutputKind.Vector)]
    [DataRow(RectifiedOutputKind.Image)]
    public void EstimatorDeliversWhatItPromises(RectifiedOutputKind kind) =>
        SchemaAssert.PromisedIsDelivered(_ml.Transforms.SpatialTransformer(Shapes.EstimatorOptions(kind)), Shapes.Keyed(_ml, 24));

    [TestMethod]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.ThinPlateSpline, 2, 2 * 18)]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.Projective, 4, 4 * 8)]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.Affine, 3, 3 * 6)]
    public void SeveralTransformersWidenThetaAndTheRectifiedImage(SpatialArchitecture architecture, TransformationKind kind, int count, int theta)
    {
        var options = Shapes.EstimatorOptions();
        options.Architecture = architecture;
        options.Transformation = kind;
        options.ParallelTransformers = count;
        options.ControlPointsPerSide = 3;
        options.Epochs = 1;
        var keyed = Shapes.Keyed(_ml, 24);
        var estimator = _ml.Transforms.SpatialTransformer(options);
        SchemaAssert.PromisedIsDelivered(estimator, keyed);

        using var model = estimator.Fit(keyed);
        var output = model.Transform(keyed);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, count, 8, 10), output.Schema["Rectified"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, theta), output.Schema["Theta"].Type);
        Assert.IsTrue(Shapes.Vectors(output, "Theta").All(values => values.Length == theta));
        Assert.IsTrue(Shapes.Vectors(output, "Rectified").All(values => values.Length == count * 80));
        Assert.AreEqual(count, model.NetworkSpec.ParallelTransformers);
    }

    [TestMethod]
    public void ThreeTransformersOfGreyImagesMakeAPicture()
    {
        var options = Shapes.EstimatorOptions(RectifiedOutputKind.Image);
        options.ParallelTransformers = 3;
        options.Epochs = 1;
        SchemaAssert.PromisedIsDelivered(_ml.Transforms.SpatialTransformer(options), Shapes.Keyed(_ml, 24));
    }

    [TestMethod]
    public void EstimatorOverPicturesOfTheColumnsSizeDeliversWhatItPromises()
    {
        var view = _ml.Data.LoadFromEnumerable(PictureRow.Make(24, 1));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(view).Transform(view);
        SchemaAssert.PromisedIsDelivered(_ml.Transforms.SpatialTransformer(new SpatialTransformerEstimator.Options { Epochs = 1, OutputKind = RectifiedOutputKind.Image }), keyed);
    }

    [TestMethod]
    public void NumericLabelsKeepTheirKeyValues()
    {
        var rows = ShapeRows.Make(24, 1).Select(row => new NumberedRow { Number = Array.IndexOf(ShapeRows.Names, row.Name) * 1.5f, Image = row.Image });
        var view = _ml.Data.LoadFromEnumerable(rows.ToArray());
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Number").Fit(view).Transform(view);
        var options = Shapes.Options();
        options.Epochs = 1;
        var trainer = _ml.MulticlassClassification.Trainers.SpatialTransformer(options);
        SchemaAssert.PromisedIsDelivered(trainer, keyed);

        using var model = trainer.Fit(keyed);
        var values = default(VBuffer<float>);
        model.GetOutputSchema(keyed.Schema)["PredictedLabel"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(new[] { 0f, 1.5f, 3f }, values.DenseValues().ToArray());
    }

    [TestMethod]
    public void LabelsWithoutKeyValuesWork()
    {
        var rows = ShapeRows.Make(24, 1).Select(row => new KeyRow { Label = (uint)Array.IndexOf(ShapeRows.Names, row.Name), Image = row.Image });
        var options = Shapes.Options();
        options.Epochs = 1;
        SchemaAssert.PromisedIsDelivered(_ml.MulticlassClassification.Trainers.SpatialTransformer(options), _ml.Data.LoadFromEnumerable(rows.ToArray()));
    }

    [TestMethod]
    public void ColumnsCarryTheAnnotationsOfMlNetsOwnMulticlassTrainers()
    {
        var keyed = Shapes.Keyed(_ml, 24);
        using var model = _ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.RichOptions()).Fit(keyed);
        var schema = model.GetOutputSchema(keyed.Schema);
        var added = schema.Skip(keyed.Schema.Count).Select(column => column.Name).ToArray();
        CollectionAssert.AreEqual(new[] { "PredictedLabel", "Score", "Rectified", "Theta" }, added);

        var predicted = schema["PredictedLabel"];
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 3), predicted.Type);
        CollectionAssert.AreEqual(ShapeRows.Names, Texts(predicted, "KeyValues"));
        AssertScoreKind(predicted, "PredictedLabel");

        var score = schema["Score"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), score.Type);
        CollectionAssert.AreEqual(ShapeRows.Names, Texts(score, "SlotNames"));
        CollectionAssert.AreEqual(ShapeRows.Names, Texts(score, "TrainingLabelValues"));
        AssertScoreKind(score, "Score");

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 8, 10), schema["Rectified"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6), schema["Theta"].Type);
    }

    private static string[] Texts(DataViewSchema.Column column, string annotation)
    {
        var values = default(VBuffer<ReadOnlyMemory<char>>);
        column.Annotations.GetValue(annotation, ref values);
        return values.DenseValues().Select(value => value.ToString()).ToArray();
    }

    private static void AssertScoreKind(DataViewSchema.Column column, string valueKind)
    {
        var text = default(ReadOnlyMemory<char>);
        column.Annotations.GetValue("ScoreColumnKind", ref text);
        Assert.AreEqual("MulticlassClassification", text.ToString());
        column.Annotations.GetValue("ScoreValueKind", ref text);
        Assert.AreEqual(valueKind, text.ToString());
        var set = 0u;
        column.Annotations.GetValue("ScoreColumnSetId", ref set);
        Assert.AreEqual(1u, set);
        Assert.AreEqual(new KeyDataViewType(typeof(uint), int.MaxValue), column.Annotations.Schema["ScoreColumnSetId"].Type);
    }

    private sealed class NumberedRow
    {
        public float Number { get; set; }

        [VectorType(ShapeRows.Side * ShapeRows.Side)]
        public float[] Image { get; set; } = [];
    }

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(ShapeRows.Side * ShapeRows.Side)]
        public float[] Image { get; set; } = [];
    }
}
