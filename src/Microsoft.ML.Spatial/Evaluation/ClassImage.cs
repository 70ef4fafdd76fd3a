using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>The objects and detections of one class in one image, with their overlaps.</summary>
internal sealed class ClassImage
{
    private readonly double[] _overlaps;

    /// <param name="objects">The objects, of one class.</param>
    /// <param name="found">The detections, of the same class, by falling score.</param>
    public ClassImage(IReadOnlyList<TrueObject> objects, IReadOnlyList<DetectedObject> found)
    {
        Objects = objects;
        Found = found;
        _overlaps = new double[objects.Count * found.Count];
        for (var d = 0; d < found.Count; d++)
        {
            for (var g = 0; g < objects.Count; g++)
            {
                _overlaps[(d * objects.Count) + g] = OverlapOf(found[d], objects[g]);
            }
        }
    }

    public IReadOnlyList<TrueObject> Objects { get; }

    public IReadOnlyList<DetectedObject> Found { get; }

    /// <summary>Intersection over union; with a crowd, of which a detection can only cover a part, over the detection's own area.</summary>
    public double Overlap(int detection, int trueObject) => _overlaps[(detection * Objects.Count) + trueObject];

    private static double OverlapOf(DetectedObject found, TrueObject trueObject)
    {
        var shared = found.Box.Intersection(trueObject.Box);
        return shared <= 0 ? 0 : shared / (trueObject.IsCrowd ? found.Box.Area : found.Box.Area + trueObject.Box.Area - shared);
    }
}
