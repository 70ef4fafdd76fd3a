namespace Microsoft.ML.Spatial.Evaluation;

/// <summary>What became of a detection; bit t stands for threshold t of <see cref="CocoLevels.Iou"/>.</summary>
/// <param name="Matched">At which thresholds it matched an object.</param>
/// <param name="Ignored">At which thresholds it counts neither for nor against the detector.</param>
internal readonly record struct Verdicts(ushort Matched, ushort Ignored)
{
    public bool IsIgnored(int threshold) => (Ignored >> threshold & 1) != 0;

    public bool IsMatched(int threshold) => (Matched >> threshold & 1) != 0;
}
