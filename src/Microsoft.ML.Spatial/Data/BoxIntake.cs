using System.Globalization;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Takes the boxes of images in, and counts those that had to be changed or left out.</summary>
/// <param name="invalid">What to do with a box that reaches outside its image or has no area.</param>
/// <param name="remedy">What else than mending it can be done about such a box, as an error says it.</param>
internal sealed class BoxIntake(InvalidBoxes invalid, string remedy)
{
    // Files round a corner and a size to hundredths each, so that their sum can be as much too large.
    private const double Rounding = 0.0101;

    /// <summary>Boxes that were cut off.</summary>
    public int Clipped { get; private set; }

    /// <summary>Boxes that were left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>How many boxes there were of each kind; null where all were good.</summary>
    public string? Report => Clipped + LeftOut == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{Clipped} boxes reached outside their images and were clipped; {LeftOut} objects were left out for their boxes.");

    /// <summary>The objects of an image as they are to be used, in boxes of their own.</summary>
    /// <param name="objects">All of them.</param>
    /// <param name="size">The size of the image.</param>
    /// <param name="name">Says which box it is, by its number among them and its sides, as an error begins.</param>
    /// <exception cref="InvalidDataException">One cannot be used.</exception>
    public ImageObjects Take(ImageObjects objects, ImageSize size, Func<int, Box, string> name)
    {
        var boxes = new float[objects.Boxes.Length];
        var classes = new int[objects.Count];
        var count = 0;
        for (var i = 0; i < objects.Count; i++)
        {
            var (number, box) = (i, Box.At(objects.Boxes, i));
            if (Take(box.X0, box.Y0, box.X1, box.Y1, size.Width, size.Height, () => name(number, box)) is { } taken)
            {
                var at = Box.Numbers * count;
                (boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]) = ((float)taken.X0, (float)taken.Y0, (float)taken.X1, (float)taken.Y1);
                classes[count++] = objects.Classes[i];
            }
        }

        return count == objects.Count ? new ImageObjects(boxes, classes) : new ImageObjects(boxes[..(Box.Numbers * count)], classes[..count]);
    }

    /// <summary>A box as it is to be used, in single precision; null where it is to be left out.</summary>
    /// <param name="x0">Its left edge, from 0.</param>
    /// <param name="y0">Its upper edge.</param>
    /// <param name="x1">Its right edge, exclusive.</param>
    /// <param name="y1">Its lower edge, exclusive.</param>
    /// <param name="width">The width of its image.</param>
    /// <param name="height">The height of its image.</param>
    /// <param name="name">Says which box it is and what the file has, as an error begins.</param>
    /// <exception cref="InvalidDataException">It cannot be used.</exception>
    public Box? Take(double x0, double y0, double x1, double y1, int width, int height, Func<string> name)
    {
        var box = new Box((float)x0, (float)y0, (float)x1, (float)y1);
        if (!box.IsFinite)
        {
            throw new InvalidDataException($"{name()} is no box: its numbers must be finite.");
        }

        var clipped = new Box(Math.Max(box.X0, 0), Math.Max(box.Y0, 0), Math.Min(box.X1, width), Math.Min(box.Y1, height));
        var isInside = Math.Min(box.X0, box.Y0) >= -Rounding && box.X1 <= width + Rounding && box.Y1 <= height + Rounding;
        if (HasArea(box) && HasArea(clipped) && isInside)
        {
            return clipped;
        }

        if (invalid == InvalidBoxes.Fail)
        {
            var what = HasArea(box)
                ? (FormattableString)$"reaches outside the image, which is {width} wide and {height} high"
                : $"is {box.X1 - box.X0} wide and {box.Y1 - box.Y0} high; both must be above 0";
            throw new InvalidDataException($"{name()} {what.ToString(CultureInfo.InvariantCulture)}. Mend it, or {remedy}.");
        }

        if (invalid == InvalidBoxes.Clip && HasArea(box) && HasArea(clipped))
        {
            Clipped++;
            return clipped;
        }

        LeftOut++;
        return null;
    }

    private static bool HasArea(Box box) => box.X1 > box.X0 && box.Y1 > box.Y0;
}
