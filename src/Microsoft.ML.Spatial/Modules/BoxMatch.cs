using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Which objects boxes lie on.</summary>
/// <param name="Object">The object that each box overlaps most, the first of several; 0 where there is no object.</param>
/// <param name="Overlap">By how much (intersection over union), in [0, 1].</param>
/// <param name="IsNearest">Whether no other box overlaps some object more, and it overlaps that at all.</param>
internal sealed record BoxMatch(int[] Object, float[] Overlap, bool[] IsNearest)
{
    /// <summary>Compares every box with every object.</summary>
    /// <param name="boxes">x0, y0, x1, y1 of each in turn.</param>
    /// <param name="objects">The objects of the image.</param>
    public static BoxMatch Of(float[] boxes, ImageObjects objects)
    {
        var (count, all) = (boxes.Length / 4, objects.Count);
        var match = new BoxMatch(new int[count], new float[count], new bool[count]);
        if (count == 0 || all == 0)
            return match;
        using var scope = torch.NewDisposeScope();
        var overlaps = CpuFloats.Copy(BoxOps.IoUMatrix(TensorFactory.FromArray<float>(boxes, [count, 4], CPU), TensorFactory.FromArray<float>(objects.Boxes, [all, 4], CPU)));
        var most = new float[all];
        for (var i = 0; i < overlaps.Length; i++)
        {
            var (box, other) = (i / all, i % all);
            most[other] = MathF.Max(most[other], overlaps[i]);
            if (overlaps[i] > match.Overlap[box])
                (match.Object[box], match.Overlap[box]) = (other, overlaps[i]);
        }

        for (var i = 0; i < overlaps.Length; i++)
            match.IsNearest[i / all] |= overlaps[i] > 0 && overlaps[i] == most[i % all];
        return match;
    }
}
