using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.Colocalize.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Training;

/// <summary>Where a model found the common object of a picture.</summary>
/// <param name="Row">The row of the view.</param>
/// <param name="Theta">The window, (s, tx, ty).</param>
/// <param name="Overlap">Intersection over union of the window and the true box.</param>
internal sealed record FoundBox(int Row, float[] Theta, double Overlap)
{
    /// <summary>Overlap above which a box counts as found.</summary>
    public const double Enough = 0.5;

    /// <summary>The name of the column of windows.</summary>
    public const string ThetaColumnName = "Theta";

    /// <summary>Runs a model over a view.</summary>
    public static FoundBox[] Of(ITransformer model, CommonClassView view)
    {
        var scored = model.Transform(view);
        var column = scored.Schema[ThetaColumnName];
        using var cursor = scored.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> theta = default;
        var boxes = new FoundBox[view.Count];
        while (cursor.MoveNext())
        {
            getter(ref theta);
            int row = (int)cursor.Position;
            float[] window = [.. theta.DenseValues()];
            boxes[row] = new FoundBox(row, window, PixelBox.OfWindow(window, view.Side).IntersectionOverUnion(view.TrueBox(row)));
        }

        return boxes;
    }
}
