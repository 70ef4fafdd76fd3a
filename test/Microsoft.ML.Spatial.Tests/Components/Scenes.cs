using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>Small scenes and quick options for the tests of detectors: filled squares and hollow frames on a dark ground.</summary>
internal static class Scenes
{
    public const int Side = 32;

    /// <summary>Scenes of up to two objects that do not overlap; every fifth has none.</summary>
    public static SceneRow[] Make(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Scene(random, i % 5 == 4 ? 0 : 1 + (i % 2)))];
    }

    public static IDataView View(MLContext ml, int count = 60, int seed = 3) => Keyed(ml, Make(count, seed));

    /// <summary>The rows with their names mapped to keys, of which there are always both.</summary>
    public static IDataView Keyed<T>(MLContext ml, IEnumerable<T> rows)
        where T : class
    {
        var keys = ml.Transforms.Conversion.MapValueToKey("Label", "Names").Fit(ml.Data.LoadFromEnumerable([new SceneRow { Names = ["frame", "square"] }]));
        return keys.Transform(ml.Data.LoadFromEnumerable(rows));
    }

    public static DeformableDetectorTrainer.Options Options(int epochs = 2, int deformableLayers = 2) => new()
    {
        ImageHeight = Side,
        ImageWidth = Side,
        ImageChannels = 1,
        Width = 32,
        DeformableLayers = deformableLayers,
        Epochs = epochs,
        BatchSize = 8,
        WarmupSteps = 10,
        Seed = 5,
    };

    private static SceneRow Scene(Random random, int objects)
    {
        var image = new float[Side * Side];
        for (var i = 0; i < image.Length; i++)
            image[i] = 0.1f * random.NextSingle();
        var (names, boxes) = (new List<string>(), new List<float>());
        for (var i = 0; i < objects; i++)
        {
            // The first in the left half, the second in the right.
            var (size, isFrame) = (9 + random.Next(5), random.Next(2) == 0);
            var (x0, y0) = ((i * Side / 2) + random.Next((Side / 2) - size + 1), random.Next(Side - size + 1));
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    if (!isFrame || x < 2 || y < 2 || x >= size - 2 || y >= size - 2)
                        image[((y0 + y) * Side) + x0 + x] = 0.9f;
                }
            }

            names.Add(isFrame ? "frame" : "square");
            boxes.AddRange([x0, y0, x0 + size, y0 + size]);
        }

        return new SceneRow { Image = image, Names = [.. names], BoundingBoxes = [.. boxes] };
    }
}

/// <summary>An image with its objects.</summary>
internal class SceneRow
{
    [VectorType(1, Scenes.Side, Scenes.Side)]
    public float[] Image { get; set; } = new float[Scenes.Side * Scenes.Side];

    public string[] Names { get; set; } = [];

    public float[] BoundingBoxes { get; set; } = [];
}

/// <summary>What a detector found.</summary>
internal sealed class FoundObjects
{
    [KeyType(2)]
    public uint[] PredictedLabel { get; set; } = [];

    public float[] PredictedBoundingBoxes { get; set; } = [];

    public float[] Score { get; set; } = [];
}
