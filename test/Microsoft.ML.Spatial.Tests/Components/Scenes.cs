using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Transforms.Image;

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

    /// <summary>What a detector found in each row.</summary>
    public static FoundObjects[] Found(IDataView scored)
    {
        var (labels, boxes, scores) = (scored.GetColumn<uint[]>("PredictedLabel").ToArray(), scored.GetColumn<float[]>("PredictedBoundingBoxes").ToArray(), scored.GetColumn<float[]>("Score").ToArray());
        return [.. labels.Select((label, i) => new FoundObjects { PredictedLabel = label, PredictedBoundingBoxes = boxes[i], Score = scores[i] })];
    }

    /// <summary>Intersection over union.</summary>
    public static double IoU(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var (width, height) = (Math.Min(one[2], other[2]) - Math.Max(one[0], other[0]), Math.Min(one[3], other[3]) - Math.Max(one[1], other[1]));
        if (width <= 0 || height <= 0)
            return 0;
        double shared = width * height;
        return shared / (((one[2] - one[0]) * (one[3] - one[1])) + ((other[2] - other[0]) * (other[3] - other[1])) - shared);
    }

    /// <summary>Scenes as pictures of many sizes and shapes: each lies somewhere on a larger dark ground, every pixel of it one or two pixels wide.</summary>
    public static ScenePictureRow[] Pictures(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Make(count, seed).Select((scene, i) =>
        {
            var scale = 1 + (i % 2);
            var (height, width) = (Side + random.Next(20), Side + random.Next(20));
            var (left, top) = (random.Next(width - Side + 1), random.Next(height - Side + 1));
            var pixels = new float[scale * height * scale * width];
            for (var p = 0; p < pixels.Length; p++)
            {
                var (x, y) = ((p % (scale * width) / scale) - left, (p / (scale * width) / scale) - top);
                pixels[p] = x >= 0 && y >= 0 && x < Side && y < Side ? scene.Image[(y * Side) + x] : 0.05f;
            }

            return new ScenePictureRow
            {
                Image = Shapes.Picture(pixels, scale * height, scale * width),
                Names = scene.Names,
                BoundingBoxes = [.. scene.BoundingBoxes.Select((box, side) => scale * (box + (side % 2 == 0 ? left : top)))],
            };
        })];
    }

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

/// <summary>A picture of any size with its objects.</summary>
internal class ScenePictureRow
{
    [ImageType]
    public MLImage Image { get; set; } = null!;

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
