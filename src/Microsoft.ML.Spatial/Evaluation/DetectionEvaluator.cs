using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>Evaluates detections image by image. The order of the images decides only between detections of equal scores.</summary>
/// <param name="classNames">The names of the classes, in the order of their numbers.</param>
internal sealed class DetectionEvaluator(IReadOnlyList<string> classNames)
{
    private readonly ClassTally[] _tallies = [.. classNames.Select(_ => new ClassTally())];
    private int _images;

    /// <summary>Adds one image.</summary>
    /// <param name="objects">What it shows.</param>
    /// <param name="found">What was found in it, in any order.</param>
    public void Add(IReadOnlyList<TrueObject> objects, IReadOnlyList<DetectedObject> found)
    {
        _images++;
        var objectsOf = objects.ToLookup(trueObject => trueObject.Class);
        var foundOf = found.ToLookup(detection => detection.Class);
        foreach (var number in objectsOf.Select(group => group.Key).Union(foundOf.Select(group => group.Key)))
        {
            _tallies[number].Add([.. objectsOf[number]], [.. foundOf[number]]);
        }
    }

    /// <summary>The figures of all images so far.</summary>
    public DetectionMetrics Finish() => new([.. _tallies.Zip(classNames, (tally, name) => new ClassDetectionMetrics(name, tally))], _images);
}
