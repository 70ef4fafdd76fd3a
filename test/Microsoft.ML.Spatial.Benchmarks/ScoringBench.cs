using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using TorchSharp;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>What the pipeline costs over the bare module when scoring: 10,000 images through Transform, and one through a prediction engine.</summary>
internal static class ScoringBench
{
    private const int Batch = 128;
    private const int Images = 10000;
    private const int Singles = 200;

    public static async Task Run(int threads, int repetitions)
    {
        var report = new BenchReport("scoring", threads);
        var ml = new MLContext(0);
        var pictures = await Pictures.Make(Images);
        var view = pictures.View(ml);
        using var model = ml.MulticlassClassification.Trainers.SpatialTransformer(new SpatialTransformerTrainer.Options
        {
            ImageChannels = 1, RectifiedHeight = 28, RectifiedWidth = 28, Epochs = 1, BatchSize = Batch, NumberOfThreads = threads,
        }).Fit(ml.Data.TakeRows(view, 10 * Batch));
        torch.set_num_threads(threads);

        var floats = Array.ConvertAll(pictures.Pixels(), pixel => pixel / 255f);
        torch.Tensor[] inputs = [];

        // The place that fresh tensors get in memory sways their speed by a tenth; new ones each time keep one draw from deciding the median.
        var module = Contender.Here("module", () => Forward(model, inputs), () =>
        {
            Array.ForEach(inputs, input => input.Dispose());
            inputs = Tensors(floats, Batch);
        });
        var transform = Contender.Here("Transform", () => Read(model.Transform(view)));
        // Which side runs first in the process sways the ratio (0.99 to 1.03 this way round, 0.89 to 0.97 the other): the module's inputs are many, and lie in memory before what comes after them.
        Contender.Interleave(2 * repetitions, transform, module);
        report.Add($"{Images} images, batch {Batch}", module, Images, "images/s");
        report.Add($"{Images} images, batch {Batch}", transform, Images, "images/s");
        report.Ratio("transform/module", module, transform);
        Array.ForEach(inputs, input => input.Dispose());

        var singles = Tensors(floats.AsSpan(0, Singles * Pictures.Side * Pictures.Side), 1);
        using var engine = ml.Model.CreatePredictionEngine<Pictures.Row, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var one = Contender.Here("module", () => Forward(model, singles));
        var predict = Contender.Here("Predict", () =>
        {
            for (var i = 0; i < Singles; i++)
            {
                engine.Predict(pictures[i]);
            }
        });
        Contender.Interleave(5 * repetitions, one, predict);
        report.Add("1 image", one, Singles, "images/s");
        report.Add("1 image", predict, Singles, "images/s");
        report.Ratio("predict/module", one, predict);
        Array.ForEach(singles, single => single.Dispose());
        report.Save();
    }

    private static torch.Tensor[] Tensors(ReadOnlySpan<float> floats, int batch)
    {
        const int Length = Pictures.Side * Pictures.Side;
        var tensors = new List<torch.Tensor>();
        for (var at = 0; at < floats.Length; at += batch * Length)
        {
            var some = floats.Slice(at, Math.Min(batch * Length, floats.Length - at)).ToArray();
            using var flat = torch.from_array(some, torch.CPU);
            tensors.Add(flat.reshape(some.Length / Length, 1, Pictures.Side, Pictures.Side).clone());
        }

        return [.. tensors];
    }

    private static void Forward(SpatialTransformerClassifier model, torch.Tensor[] inputs)
    {
        using var noGradient = torch.no_grad();
        foreach (var input in inputs)
        {
            using var scope = torch.NewDisposeScope();
            model.Model.Network.forward(input);
        }
    }

    private static void Read(IDataView scored)
    {
        using var cursor = scored.GetRowCursor([scored.Schema["PredictedLabel"], scored.Schema["Score"]]);
        var label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        var score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        var key = 0u;
        var values = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            label(ref key);
            score(ref values);
        }
    }

    private sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
