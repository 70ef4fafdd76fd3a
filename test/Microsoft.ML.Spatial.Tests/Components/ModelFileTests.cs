using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.FreshProcess;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Tests.Components;

[TestClass]
public sealed class ModelFileTests
{
    private static readonly MLContext Ml = new(1);
    private static TransformerChain<ITransformer> _chain = null!;
    private static DataViewSchema _schema = null!;
    private string _folder = null!;

    private string Model => Path.Combine(_folder, "model.zip");

    [ClassInitialize]
    public static void Fit(TestContext context)
    {
        var view = Shapes.View(Ml, 60);
        _schema = view.Schema;
        _chain = StandardFit.Pipeline(Ml, Shapes.RichOptions()).Fit(view);
    }

    [ClassCleanup]
    public static void Free() => _chain.Dispose();

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("spatial-model-").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void ALoadedModelGivesEqualOutputsBitForBit()
    {
        Ml.Model.Save(_chain, _schema, Model);
        var loaded = Ml.Model.Load(Model, out var schema);
        using var freed = (IDisposable)loaded;
        CollectionAssert.AreEqual(new[] { "Name", "Image" }, schema.Select(column => column.Name).ToArray());
        AssertSameOutputs(_chain, loaded);
        AssertSameSchema(_chain, loaded);
    }

    [TestMethod]
    public void ALoadedModelSavesAgainAsItWas()
    {
        Ml.Model.Save(_chain, _schema, Model);
        using var again = new MemoryStream();
        using (var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(Model, out var schema))
        {
            Ml.Model.Save(loaded, schema, again);
        }

        again.Position = 0;
        var reloaded = Ml.Model.Load(again, out _);
        using var freed = (IDisposable)reloaded;
        AssertSameOutputs(_chain, reloaded);
        CollectionAssert.AreEqual(NetworkOf(File.ReadAllBytes(Model)), NetworkOf(again.ToArray()));
    }

    [TestMethod]
    public void AFreshProcessThatKnowsNoTypeOfOursLoadsAndPredicts()
    {
        Ml.Model.SaveModel(_chain, _schema, Model);
        var lines = FreshProcesses.Run("predict", Model).Split('\n', StringSplitOptions.TrimEntries);
        Assert.AreEqual("loaded before: False", lines[0]);
        Assert.AreEqual("columns: Name Image", lines[1]);

        using var threads = new ThreadScope(1);
        using var engine = Ml.Model.CreatePredictionEngine<ShapeRow, ShapePrediction>(_chain, new PredictionEngineOptions { OwnsTransformer = false });
        var here = ShapeRows.Make(30, seed: 5).Select(engine.Predict).ToArray();
        Assert.AreEqual("scores: " + SavedPipeline.ScoreHash(here), lines[2]);
        Assert.AreEqual("names: " + string.Join(' ', here.Select(prediction => prediction.PredictedName)), lines[3]);
    }

    [TestMethod]
    [DataRow(RectifiedOutputKind.Vector)]
    [DataRow(RectifiedOutputKind.Image)]
    public void ARectifierSavesAndLoads(RectifiedOutputKind kind)
    {
        var keyed = Shapes.Keyed(Ml, 40);
        using var model = Ml.Transforms.SpatialTransformer(Shapes.EstimatorOptions(kind)).Fit(keyed);
        Ml.Model.SaveModel(model, keyed.Schema, Model);
        var loaded = Ml.Model.Load(Model, out _);
        using var freed = (IDisposable)loaded;
        var rows = Ml.Data.LoadFromEnumerable(ShapeRows.Make(20, 8));
        RowsAssert.AreEqual(Shapes.Vectors(model.Transform(rows), "Theta"), Shapes.Vectors(loaded.Transform(rows), "Theta"));
        if (kind == RectifiedOutputKind.Vector)
        {
            RowsAssert.AreEqual(Shapes.Vectors(model.Transform(rows), "Rectified"), Shapes.Vectors(loaded.Transform(rows), "Rectified"));
        }
        else
        {
            RowsAssert.AreEqual(Pictures(model.Transform(rows)), Pictures(loaded.Transform(rows)));
        }

        static byte[][] Pictures(IDataView view) => view.GetColumn<MLImage>("Rectified").Select(image => image.Pixels.ToArray()).ToArray();
    }

    [TestMethod]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Projective, 1)]
    [DataRow(SpatialArchitecture.StFcn, TransformationKind.ThinPlateSpline, 2)]
    [DataRow(SpatialArchitecture.StCnn, TransformationKind.Attention, 4)]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.ThinPlateSpline, 1)]
    [DataRow(SpatialArchitecture.StCnnMulti, TransformationKind.Affine, 2)]
    public void EveryKindAndArrangementSavesAndLoads(SpatialArchitecture architecture, TransformationKind kind, int count)
    {
        var options = Shapes.RichOptions();
        options.Architecture = architecture;
        options.Transformation = kind;
        options.ParallelTransformers = count;
        options.ControlPointsPerSide = 3;
        options.Padding = PaddingMode.Reflection;
        options.Epochs = 1;
        var keyed = Shapes.Keyed(Ml, 40);
        using var model = Ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(keyed);
        Ml.Model.SaveModel(model, keyed.Schema, Model);
        var loaded = (SpatialTransformerClassifier)Ml.Model.Load(Model, out _);
        using var freed = loaded;

        Assert.AreEqual(model.NetworkSpec, loaded.NetworkSpec);
        Assert.AreEqual((architecture, kind, 3, count), (loaded.NetworkSpec.Architecture, loaded.NetworkSpec.Transformation, loaded.NetworkSpec.ControlPointsPerSide, loaded.NetworkSpec.ParallelTransformers));
        Assert.AreEqual((SamplingMode.Bilinear, PaddingMode.Reflection), (loaded.NetworkSpec.Sampling, loaded.NetworkSpec.Padding));
        Assert.AreEqual(StandardFit.WeightHash(model), StandardFit.WeightHash(loaded));
        var rows = Ml.Data.LoadFromEnumerable(ShapeRows.Make(20, 8));
        foreach (var column in new[] { "Score", "Theta", "Rectified" })
        {
            RowsAssert.AreEqual(Shapes.Vectors(model.Transform(rows), column), Shapes.Vectors(loaded.Transform(rows), column));
        }
    }

    /// <summary>The header stands here as version 1.1 wrote it, so that no member and no value of an enum that it names may be renamed.</summary>
    [TestMethod]
    public void AClassifiersFileOfTheFirstVersionLoadsAsItWas()
    {
        var classifier = _chain.OfType<SpatialTransformerClassifier>().Single();
        SaveAsFirstVersion(
            classifier,
            SpatialTransformerClassifierLoader.Version,
            """
            {"ImageColumnName":"Image","Resizing":"Resize","BatchSize":16,"Architecture":"StCnn","Transformation":"Affine","Channels":1,"ImageHeight":12,"ImageWidth":12,
            "RectifiedHeight":8,"RectifiedWidth":10,"Classes":3,"PredictedLabelColumnName":"PredictedLabel","ScoreColumnName":"Score","RectifiedColumnName":"Rectified","ThetaColumnName":"Theta",
            "RectifiedKind":"Vector","RectifiedSizeInSchema":true,"LabelValues":{"ItemType":"String","Texts":["horizontal","vertical","cross"]},
            "Epochs":[{"Epoch":1,"Epochs":2,"TrainingLoss":1.25,"ValidationLoss":0.5,"ValidationAccuracy":0.75,"ImagesPerSecond":100.5,"Elapsed":"00:00:01.5000000","LearningRate":0.003,"SkippedImages":2,"IsBest":true},
            {"Epoch":2,"Epochs":2,"TrainingLoss":1,"ValidationLoss":null,"ValidationAccuracy":null,"ImagesPerSecond":99,"Elapsed":"00:01:02","LearningRate":0,"SkippedImages":0,"IsBest":false}]}
            """);
        using var loaded = (SpatialTransformerClassifier)Ml.Model.Load(Model, out _);
        Assert.AreEqual(classifier.NetworkSpec, loaded.NetworkSpec);
        Assert.AreEqual(new TrainingEpoch(1, 2, 1.25, 0.5, 0.75, 100.5, TimeSpan.FromSeconds(1.5), 0.003, 2, true), loaded.Epochs[0]);
        Assert.AreEqual(new TrainingEpoch(2, 2, 1, null, null, 99, TimeSpan.FromSeconds(62), 0, 0, false), loaded.Epochs[1]);
        AssertSameOutputs(new TransformerChain<ITransformer>(classifier, _chain.Last()), new TransformerChain<ITransformer>(loaded, _chain.Last()));
    }

    [TestMethod]
    public void ARectifiersFileOfTheFirstVersionLoadsAsItWas()
    {
        var options = Shapes.EstimatorOptions();
        options.Architecture = SpatialArchitecture.StFcn;
        options.Transformation = TransformationKind.Attention;
        options.Epochs = 1;
        using var model = Ml.Transforms.SpatialTransformer(options).Fit(Shapes.Keyed(Ml, 24));
        SaveAsFirstVersion(
            model,
            SpatialTransformerRectifierLoader.Version,
            """
            {"ImageColumnName":"Image","Resizing":"Refuse","BatchSize":16,"Architecture":"StFcn","Transformation":"Attention","Channels":1,"ImageHeight":12,"ImageWidth":12,
            "RectifiedHeight":8,"RectifiedWidth":10,"Classes":3,"PredictedLabelColumnName":null,"ScoreColumnName":null,"RectifiedColumnName":"Rectified","ThetaColumnName":"Theta",
            "RectifiedKind":"Vector","RectifiedSizeInSchema":true,"LabelValues":null,"Epochs":[]}
            """);
        using var loaded = (SpatialTransformerRectifier)Ml.Model.Load(Model, out _);
        Assert.AreEqual(model.NetworkSpec, loaded.NetworkSpec);
        Assert.AreEqual(ImageResizing.Refuse, loaded.Model.Settings.Resizing);
        var rows = Ml.Data.LoadFromEnumerable(ShapeRows.Make(20, 8));
        foreach (var column in new[] { "Theta", "Rectified" })
        {
            RowsAssert.AreEqual(Shapes.Vectors(model.Transform(rows), column), Shapes.Vectors(loaded.Transform(rows), column));
        }
    }

    [TestMethod]
    public void AlteredWeightsAreRefused()
    {
        Ml.Model.Save(_chain, _schema, Model);
        RewriteNetwork(bytes => bytes[bytes.Length / 2] ^= 1);
        StringAssert.Contains(LoadError().ToString(), "SHA-256");
    }

    [TestMethod]
    public void AnAlteredHeaderIsRefused()
    {
        Ml.Model.Save(_chain, _schema, Model);
        RewriteNetwork(bytes => bytes[20] ^= 1);
        StringAssert.Contains(LoadError().ToString(), "SHA-256");
    }

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(0.5)]
    [DataRow(0.95)]
    public void ATruncatedFileIsRefused(double share)
    {
        Ml.Model.Save(_chain, _schema, Model);
        var bytes = File.ReadAllBytes(Model);
        File.WriteAllBytes(Model, bytes[..(int)(bytes.Length * share)]);
        var error = LoadError();
        Assert.IsNotInstanceOfType<NullReferenceException>(error.GetBaseException());
        Assert.IsFalse(string.IsNullOrWhiteSpace(error.Message));
    }

    [TestMethod]
    public void ATruncatedNetworkInAnIntactFileIsRefused()
    {
        Ml.Model.Save(_chain, _schema, Model);
        RewriteNetwork(_ => { }, length => length - 100);
        StringAssert.Contains(LoadError().ToString(), "SHA-256");
    }

    [TestMethod]
    [DataRow("\"BatchSize\":16", "\"BatchSize\":-1", "BatchSize is -1")]
    [DataRow("\"BatchSize\":16", "\"BatchSize\":2000000000", "BatchSize is 2000000000")]
    [DataRow("\"Channels\":1", "\"Channels\":2", "Channels is 2")]
    [DataRow("\"Classes\":3", "\"Classes\":4", "LabelValues is 3")]
    [DataRow("\"Architecture\":\"StCnn\"", "\"Architecture\":\"Cnn\"", "Architecture is Cnn")]
    [DataRow("\"Architecture\":\"StCnn\"", "\"Architecture\":99", "Architecture")]
    [DataRow("\"ImageHeight\":12", "\"ImageHeight\":16", "Weight")]
    [DataRow("\"ParallelTransformers\":1", "\"ParallelTransformers\":17", "ParallelTransformers is 17")]
    [DataRow("\"ParallelTransformers\":1", "\"ParallelTransformers\":2", "missing [")]
    [DataRow("\"ControlPointsPerSide\":4", "\"ControlPointsPerSide\":1", "ControlPointsPerSide is 1")]
    [DataRow("\"Transformation\":\"Affine\"", "\"Transformation\":\"Projective\"", "Weight")]
    [DataRow("\"Resizing\"", "\"Unheard\"", "header")]
    public void AHeaderThatNoModelCanHaveIsRefusedThoughItsHashIsRight(string there, string instead, string expected)
    {
        Ml.Model.Save(_chain, _schema, Model);
        ReplaceHeader(there, instead);
        var error = LoadError();
        StringAssert.Contains(error.ToString(), nameof(FormatException));
        StringAssert.Contains(error.ToString(), expected);
    }

    [TestMethod]
    public void AHeaderThatAsksForMoreMemoryThanItsWeightsIsRefused()
    {
        var options = Shapes.Options();
        options.Architecture = SpatialArchitecture.Fcn;
        options.Epochs = 1;
        using var model = Ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(Ml, 12));
        Ml.Model.Save(model, null, Model);
        ReplaceHeader("\"ImageHeight\":12,\"ImageWidth\":12", "\"ImageHeight\":4096,\"ImageWidth\":4096");
        StringAssert.Contains(LoadError().ToString(), "weights are in the file");
    }

    [TestMethod]
    public void AHeaderThatAsksForMoreMemoryBehindTheTransformersIsRefused()
    {
        var options = Shapes.RichOptions();
        options.Architecture = SpatialArchitecture.StFcn;
        options.Epochs = 1;
        using var model = Ml.MulticlassClassification.Trainers.SpatialTransformer(options).Fit(Shapes.Keyed(Ml, 12));
        Ml.Model.Save(model, null, Model);
        ReplaceHeader("\"RectifiedHeight\":8,\"RectifiedWidth\":10", "\"RectifiedHeight\":4096,\"RectifiedWidth\":4096");
        StringAssert.Contains(LoadError().ToString(), "weights are in the file");
    }

    [TestMethod]
    public void ANewerVersionIsRefusedAndOneThatThisCodeMayReadIsNot()
    {
        var classifier = _chain.OfType<SpatialTransformerClassifier>().Single();
        var version = SpatialTransformerClassifierLoader.Version;
        Ml.Model.Save(new SavesAs(classifier, version with { Written = 0x00020001, Readable = 0x00020001 }), null, Model);
        StringAssert.Contains(LoadError().ToString(), "new", StringComparison.OrdinalIgnoreCase);

        Ml.Model.Save(new SavesAs(classifier, version with { Written = version.Written + 1 }), null, Model);
        using var loaded = (IDisposable)Ml.Model.Load(Model, out _);
        Assert.IsInstanceOfType<SpatialTransformerClassifier>(loaded);
    }

    [TestMethod]
    public void SaveModelKeepsTheOldFileWhereSavingFails()
    {
        File.WriteAllText(Model, "precious");
        Assert.ThrowsExactly<IOException>(() => Ml.Model.SaveModel(new FailsToSave(), null, Model));
        Assert.AreEqual("precious", File.ReadAllText(Model));
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void SaveModelReplacesTheOldFileAndMakesTheFolder()
    {
        var path = Path.Combine(_folder, "a", "b", "model.zip");
        Ml.Model.SaveModel(_chain, _schema, path);
        File.WriteAllText(path, "old");
        Ml.Model.SaveModel(_chain, _schema, path);
        using var loaded = (IDisposable)Ml.Model.Load(path, out _);
        Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [TestMethod]
    public void ADisposedModelCannotBeSaved()
    {
        var model = Ml.MulticlassClassification.Trainers.SpatialTransformer(Shapes.Options()).Fit(Shapes.Keyed(Ml, 12));
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Ml.Model.SaveModel(model, null, Model));
        Assert.IsFalse(File.Exists(Model));
    }

    private static void AssertSameOutputs(ITransformer expected, ITransformer actual)
    {
        var rows = Ml.Data.LoadFromEnumerable(ShapeRows.Make(40, 8));
        foreach (var column in new[] { "Score", "Theta", "Rectified" })
        {
            RowsAssert.AreEqual(Shapes.Vectors(expected.Transform(rows), column), Shapes.Vectors(actual.Transform(rows), column));
        }

        CollectionAssert.AreEqual(expected.Transform(rows).GetColumn<string>("PredictedName").ToArray(), actual.Transform(rows).GetColumn<string>("PredictedName").ToArray());
    }

    private static void AssertSameSchema(ITransformer expected, ITransformer actual)
    {
        var (there, here) = (expected.GetOutputSchema(_schema), actual.GetOutputSchema(_schema));
        Assert.AreEqual(string.Join(", ", there.Select(column => $"{column.Name}: {column.Type} [{column.Annotations}]")), string.Join(", ", here.Select(column => $"{column.Name}: {column.Type} [{column.Annotations}]")));
    }

    private static byte[] NetworkOf(byte[] zip) => ModelArchive.Part(zip, "Network.bin");

    private void ReplaceHeader(string there, string instead) => ModelArchive.ReplaceHeader(Model, "Network.bin", there, instead);

    private void SaveAsFirstVersion(SpatialTransformerTransformerBase model, ModelVersion version, string header)
    {
        Ml.Model.Save(new SavesAs(model, version with { Written = 0x00010001, Readable = 0x00010001 }), null, Model);
        ModelArchive.ChangeHeader(Model, "Network.bin", _ => header);
    }

    private Exception LoadError() => Assert.Throws<Exception>(() => Ml.Model.Load(Model, out _));

    private void RewriteNetwork(Action<byte[]> change, Func<int, int>? length = null)
    {
        var bytes = NetworkOf(File.ReadAllBytes(Model));
        change(bytes);
        ModelArchive.Rewrite(Model, "Network.bin", bytes[..(length?.Invoke(bytes.Length) ?? bytes.Length)]);
    }

    /// <summary>Saves a model under another version.</summary>
    private sealed class SavesAs(SpatialTransformerTransformerBase model, ModelVersion version) : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => model.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => model.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => model.Transform(input);

        void ICanSaveModel.Save(ModelSaveContext ctx) => model.Model.Save(ctx, version);
    }

    /// <summary>Fails as a full disk does.</summary>
    private sealed class FailsToSave : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new IOException("No space left on device");
    }
}
