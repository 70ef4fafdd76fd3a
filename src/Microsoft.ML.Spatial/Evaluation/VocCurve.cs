namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>Precision over recall of the detections of one class as Pascal VOC reads it.</summary>
internal sealed class VocCurve
{
    private const int Intervals = 10;
    private readonly List<(int Right, double Precision)> _points = [];
    private readonly int _objects;

    /// <param name="right">For each detection, by falling score over all images, whether it is right; null where it is ignored.</param>
    /// <param name="objects">How many objects count, at least 1.</param>
    public VocCurve(IEnumerable<bool?> right, int objects)
    {
        _objects = objects;
        int found = 0, seen = 0;
        foreach (var isRight in right.OfType<bool>())
        {
            found += isRight ? 1 : 0;
            _points.Add((found, (double)found / ++seen));
        }

        for (var i = _points.Count - 1; i > 0; i--)
        {
            _points[i - 1] = (_points[i - 1].Right, Math.Max(_points[i - 1].Precision, _points[i].Precision));
        }
    }

    /// <summary>The mean of the best precisions at recall 0, 0.1 .. 1 or higher (VOC 2007).</summary>
    public double ElevenPoint => Enumerable.Range(0, Intervals + 1).Average(level => PrecisionAt(level));

    /// <summary>The area under the curve of best precisions (VOC from 2010 on).</summary>
    public double Area
    {
        get
        {
            var area = 0.0;
            var before = 0;
            foreach (var (right, precision) in _points)
            {
                area += precision * (right - before) / _objects;
                before = right;
            }

            return area;
        }
    }

    /// <summary>Recalls are compared as whole numbers, so that 3 objects of 10 do reach the level of 0.3.</summary>
    private double PrecisionAt(int level)
    {
        foreach (var (right, precision) in _points)
        {
            if ((long)right * Intervals >= (long)level * _objects)
            {
                return precision;
            }
        }

        return 0;
    }
}
