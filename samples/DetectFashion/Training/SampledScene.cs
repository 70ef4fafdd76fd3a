using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Samples.DetectFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Training;

/// <summary>Where a detector looks in a scene to say what is at the centre of each item.</summary>
/// <param name="Points">Of each item, the points (y, x) that its deformable convolutions read.</param>
internal sealed record SampledScene(IReadOnlyList<IReadOnlyList<(double Y, double X)>> Points)
{
    /// <summary>Asks a model about the first scenes of a view.</summary>
    public static SampledScene[] Of(DeformableDetectorTransformer model, FashionSceneView view, int count)
    {
        var column = view.Schema[FashionSceneView.ImageColumnName];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<MLImage>(column);
        MLImage image = null!;
        var sampled = new List<SampledScene>();
        while (sampled.Count < count && cursor.MoveNext())
        {
            getter(ref image);
            sampled.Add(new SampledScene(model.SamplingPoints(image, [.. view.Scenes[(int)cursor.Position].Objects.Select(one => Centre(one.Box.ToPixelBox()))])));
        }

        image?.Dispose();
        return [.. sampled];

        // The pixel whose centre is nearest.
        static (double Y, double X) Centre(PixelBox box) => (box.Top + (box.Height / 2) - 0.5, box.Left + (box.Width / 2) - 0.5);
    }
}
