namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a network found in an image, before overlapping boxes are suppressed.</summary>
internal sealed class DetectionCandidates
{
    private readonly List<float> _boxes = [];
    private readonly List<float> _scores = [];
    private readonly List<long> _classes = [];

    /// <summary>x0, y0, x1, y1 of each in turn, in pixels.</summary>
    public float[] Boxes => [.. _boxes];

    /// <summary>How sure each is, in [0, 1].</summary>
    public float[] Scores => [.. _scores];

    /// <summary>The class of each, from 0.</summary>
    public long[] Classes => [.. _classes];

    /// <summary>Adds one, unless its box has no area, as where it lies outside the image, or is not a number.</summary>
    public void Add(float x0, float y0, float x1, float y1, float score, int label)
    {
        if (!(x1 > x0 && y1 > y0))
            return;
        _boxes.AddRange([x0, y0, x1, y1]);
        _scores.Add(score);
        _classes.Add(label);
    }
}
