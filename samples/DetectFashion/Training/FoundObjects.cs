using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>What a model found in a scene, the surest first.</summary>
/// <param name="Boxes">x0, y0, x1, y1 of each.</param>
/// <param name="Keys">The key of the class of each, from 1.</param>
/// <param name="Scores">How sure each is.</param>
internal sealed record FoundObjects(float[] Boxes, uint[] Keys, float[] Scores)
{
    /// <summary>Runs a model over a view.</summary>
    public static FoundObjects[] Of(ITransformer model, FashionSceneView view)
    {
        var scored = model.Transform(view);
        var columns = new[] { "PredictedBoundingBoxes", "PredictedLabel", "Score" }.Select(name => scored.Schema[name]).ToArray();
        using var cursor = scored.GetRowCursor(columns);
        var boxGetter = cursor.GetGetter<VBuffer<float>>(columns[0]);
        var keyGetter = cursor.GetGetter<VBuffer<uint>>(columns[1]);
        var scoreGetter = cursor.GetGetter<VBuffer<float>>(columns[2]);
        VBuffer<float> boxes = default, scores = default;
        VBuffer<uint> keys = default;
        var found = new FoundObjects[view.Count];
        while (cursor.MoveNext())
        {
            boxGetter(ref boxes);
            keyGetter(ref keys);
            scoreGetter(ref scores);
            found[cursor.Position] = new FoundObjects([.. boxes.DenseValues()], [.. keys.DenseValues()], [.. scores.DenseValues()]);
        }

        return found;
    }

    /// <summary>Where one of the objects is.</summary>
    public PixelBox Box(int found) => new(Boxes[4 * found], Boxes[4 * found + 1], Boxes[4 * found + 2] - Boxes[4 * found], Boxes[4 * found + 3] - Boxes[4 * found + 1]);

    /// <summary>The objects that a person would be shown: those of a score, and of several that overlap by more than half, whatever their classes, the surest.</summary>
    public IReadOnlyList<int> Shown(float leastScore)
    {
        var shown = new List<int>();
        for (int k = 0; k < Scores.Length && Scores[k] >= leastScore; k++)
        {
            if (!shown.Exists(surer => Box(surer).IntersectionOverUnion(Box(k)) > 0.5))
                shown.Add(k);
        }

        return shown;
    }

    /// <summary>Whether the same was found elsewhere, to the last bit.</summary>
    public bool IsSame(FoundObjects other) =>
        Boxes.AsSpan().SequenceEqual(other.Boxes) && Keys.AsSpan().SequenceEqual(other.Keys) && Scores.AsSpan().SequenceEqual(other.Scores);
}
