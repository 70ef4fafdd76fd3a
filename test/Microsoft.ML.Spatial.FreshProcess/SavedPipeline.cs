using System.Security.Cryptography;
using Microsoft.ML;

namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>Loads and uses a saved pipeline without naming a type of Microsoft.ML.Spatial.</summary>
public static class SavedPipeline
{
    /// <summary>Prints whether the library was loaded before the model asked for it, the hash of the scores and the predicted names.</summary>
    public static void Print(string path)
    {
        var ml = new MLContext(1);
        Console.WriteLine("loaded before: " + AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "Microsoft.ML.Spatial"));
        var model = ml.Model.Load(path, out var schema);
        Console.WriteLine("columns: " + string.Join(' ', schema.Select(column => column.Name)));
        TorchSharp.torch.set_num_threads(1); // scores are compared bit for bit
        var rows = ShapeRows.Make(30, seed: 5);
        using var engine = ml.Model.CreatePredictionEngine<ShapeRow, ShapePrediction>(model);
        var predictions = rows.Select(engine.Predict).ToArray();
        Console.WriteLine("scores: " + ScoreHash(predictions));
        Console.WriteLine("names: " + string.Join(' ', predictions.Select(prediction => prediction.PredictedName)));
    }

    /// <summary>A hash of all scores, bit for bit.</summary>
    public static string ScoreHash(IEnumerable<ShapePrediction> predictions) =>
        Convert.ToHexString(SHA256.HashData(predictions.SelectMany(prediction => prediction.Score).SelectMany(BitConverter.GetBytes).ToArray()));
}
