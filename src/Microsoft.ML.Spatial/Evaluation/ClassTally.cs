using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>What became of the detections of one class, image after image. No box is kept.</summary>
internal sealed class ClassTally
{
    private readonly List<double> _scores = [];
    private readonly List<int> _ranks = [];
    private readonly List<bool?> _vocRight = [];
    private readonly List<Verdicts>[] _verdicts = Array.ConvertAll(AreaRange.Ranges, _ => new List<Verdicts>());
    private readonly int[] _objects = new int[AreaRange.Ranges.Length];

    /// <summary>Objects that count in Pascal VOC's figures.</summary>
    public int VocObjects { get; private set; }

    /// <summary>Detections, those beyond the most that count included.</summary>
    public int Detections => _scores.Count;

    /// <summary>Adds the objects and detections of one image, in their order there.</summary>
    public void Add(IReadOnlyList<TrueObject> objects, IReadOnlyList<DetectedObject> found)
    {
        // OrderByDescending is stable: of equal scores the first comes first, as in COCO's code.
        var image = new ClassImage(objects, [.. found.OrderByDescending(detection => detection.Score)]);
        Span<Verdicts> verdicts = new Verdicts[found.Count];
        for (var range = 0; range < _verdicts.Length; range++)
        {
            verdicts.Clear();
            _objects[range] += CocoMatching.Match(image, AreaRange.Ranges[range], verdicts[..Math.Min(found.Count, CocoLevels.MostDetections)]);
            _verdicts[range].AddRange(verdicts);
        }

        for (var d = 0; d < found.Count; d++)
        {
            _scores.Add(image.Found[d].Score);
            _ranks.Add(d);
        }

        _vocRight.AddRange(VocMatching.Match(image));
        VocObjects += VocMatching.Count(image);
    }

    /// <summary>How many objects of a range of areas count.</summary>
    public int Objects(int range) => _objects[range];

    /// <summary>The curve of each threshold of <see cref="CocoLevels.Iou"/>; none where no object counts.</summary>
    /// <param name="range">The place of the range in <see cref="AreaRange.Ranges"/>.</param>
    /// <param name="mostDetections">How many detections of an image count.</param>
    public CocoCurve[] Curves(int range, int mostDetections)
    {
        if (_objects[range] == 0)
        {
            return [];
        }

        int[] order = [.. ByScore().Where(d => _ranks[d] < mostDetections)];
        var scores = Array.ConvertAll(order, d => _scores[d]);
        var verdicts = Array.ConvertAll(order, d => _verdicts[range][d]);
        return [.. Enumerable.Range(0, CocoLevels.Iou.Length).Select(threshold => new CocoCurve(verdicts, scores, threshold, _objects[range]))];
    }

    /// <summary>Pascal VOC's curve; null where no object counts.</summary>
    public VocCurve? VocCurve() => VocObjects == 0 ? null : new VocCurve(ByScore().Select(d => _vocRight[d]), VocObjects);

    /// <summary>Detections of all images by falling score; of equal scores those of the first image come first.</summary>
    private IEnumerable<int> ByScore() => Enumerable.Range(0, _scores.Count).OrderByDescending(d => _scores[d]);
}
