using System.Drawing;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Reporting;

/// <summary>The colours of captions on the samples' contact sheets.</summary>
internal static class SheetColors
{
    private static readonly Color Right = Color.FromArgb(120, 220, 120);
    private static readonly Color Wrong = Color.FromArgb(255, 110, 100);

    /// <summary>The colour of what a model got right, or did not.</summary>
    public static Color Of(bool isRight) => isRight ? Right : Wrong;
}
