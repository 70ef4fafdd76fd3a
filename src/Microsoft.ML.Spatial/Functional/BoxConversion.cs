using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Functional;

public static partial class BoxOps
{
    /// <summary>Boxes in another form.</summary>
    /// <param name="boxes"><c>[K, 4]</c>, floating point, in the form of <paramref name="from"/>; <c>K</c> may be 0.</param>
    /// <param name="from">What the numbers are.</param>
    /// <param name="to">What they shall be.</param>
    /// <returns><c>[K, 4]</c>, in the form of <paramref name="to"/>. Gradients flow to the boxes.</returns>
    /// <remarks>Convention: x before y, width before height, all in pixels.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="boxes"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape or type does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A form is not one of the named values.</exception>
    public static Tensor Convert(Tensor boxes, BoxFormat from, BoxFormat to)
    {
        CheckBoxes(boxes, nameof(boxes));
        CheckFormat(from, nameof(from));
        CheckFormat(to, nameof(to));
        if (from == to)
            return boxes.alias();

        using var scope = torch.NewDisposeScope();
        var (first, second) = (boxes.narrow(1, 0, 2), boxes.narrow(1, 2, 2));
        var (low, high) = from switch
        {
            BoxFormat.Corners => (first, second),
            BoxFormat.CornerAndSize => (first, first.add(second)),
            _ => (first.sub(second.div(2)), first.add(second.div(2))),
        };
        var (place, rest) = to switch
        {
            BoxFormat.Corners => (low, high),
            BoxFormat.CornerAndSize => (low, high.sub(low)),
            _ => (low.add(high).div(2), high.sub(low)),
        };
        return torch.cat([place, rest], 1).MoveToOuterDisposeScope();
    }

    private static void CheckFormat(BoxFormat format, string argument)
    {
        if (!Enum.IsDefined(format))
            throw new ArgumentOutOfRangeException(argument, format, $"{argument} is {format}; it must be one of {string.Join(", ", Enum.GetNames<BoxFormat>())}.");
    }
}
