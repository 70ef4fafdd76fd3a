using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>A fit that any process can do again.</summary>
public static class StandardFit
{
    /// <summary>The pipeline: names to keys, the trainer, keys to names.</summary>
    public static EstimatorChain<ITransformer> Pipeline(MLContext ml, SpatialTransformerTrainer.Options options) => ml.Transforms.Conversion.MapValueToKey("Label", "Name")
        .Append(ml.MulticlassClassification.Trainers.SpatialTransformer(options))
        .Append((IEstimator<ITransformer>)ml.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));

    /// <summary>Options for <see cref="ShapeRow"/>: a small network, a few quick epochs, and one thread, so that any process comes to the same bits.</summary>
    public static SpatialTransformerTrainer.Options Options() => new()
    {
        ImageHeight = ShapeRows.Side,
        ImageWidth = ShapeRows.Side,
        Epochs = 2,
        BatchSize = 16,
        LearningRate = 3e-3,
        NumberOfThreads = 1,
    };

    /// <summary>Fits the pipeline on made-up rows with the context's seed, and hashes the trained weights.</summary>
    public static string WeightHash()
    {
        var ml = new MLContext(7);
        using var model = Pipeline(ml, Options()).Fit(ml.Data.LoadFromEnumerable(ShapeRows.Make(90, seed: 3)));
        return WeightHash(model.OfType<SpatialTransformerClassifier>().Single());
    }

    /// <summary>A hash of a model's weights, bit for bit.</summary>
    public static string WeightHash(SpatialTransformerTransformerBase model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, weights) in model.Model.Network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(weights.bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
