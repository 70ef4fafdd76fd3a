using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Where an image lies in what the network reads: from the upper left corner on, over so many rows and columns. What is left holds zeros.</summary>
/// <param name="Image">The size of the image as it came.</param>
/// <param name="Extent">Its size in what the network reads.</param>
internal readonly record struct ImagePlacement(ImageSize Image, ImageSize Extent)
{
    /// <summary>The placement of an image.</summary>
    /// <param name="image">Its size as it came.</param>
    /// <param name="shape">What the network reads.</param>
    /// <param name="resizing">How it is brought there.</param>
    public static ImagePlacement Of(ImageSize image, ImageShape shape, ImageResizing resizing)
    {
        var whole = new ImageSize(shape.Height, shape.Width);
        if (resizing != ImageResizing.Pad)
        {
            return new ImagePlacement(image, whole);
        }

        // The side that fills the network's is told by whole numbers, so that rounding cannot leave it a pixel short.
        var (byHeight, byWidth) = ((long)shape.Height * image.Width, (long)shape.Width * image.Height);
        return new ImagePlacement(image, byHeight <= byWidth
            ? whole with { Width = Side(image.Width, shape.Height, image.Height, shape.Width) }
            : whole with { Height = Side(image.Height, shape.Width, image.Width, shape.Height) });
    }

    private float Horizontal => (float)Extent.Width / Image.Width;

    private float Vertical => (float)Extent.Height / Image.Height;

    /// <summary>Brings boxes, x0 y0 x1 y1 of each in turn, from pixels of the image to those that the network reads.</summary>
    public void ToNetwork(Span<float> boxes) => Scale(boxes, Horizontal, Vertical);

    /// <summary>Brings boxes back to pixels of the image, cut off at its edges.</summary>
    public void ToImage(Span<float> boxes)
    {
        Scale(boxes, (float)Image.Width / Extent.Width, (float)Image.Height / Extent.Height);
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] = Math.Clamp(boxes[i], 0, i % 2 == 0 ? Image.Width : Image.Height);
        }
    }

    /// <summary>The same of what was found, without what lies in the padding altogether.</summary>
    public Detections ToImage(Detections found)
    {
        var boxes = found.Boxes.ToArray();
        ToImage(boxes);
        int[] left = [.. Enumerable.Range(0, found.Scores.Length).Where(i => Box.At(boxes, i).Area > 0 || Box.At(found.Boxes, i).Area == 0)];
        return left.Length == found.Scores.Length
            ? found with { Boxes = boxes }
            : new Detections(
                [.. left.SelectMany(i => boxes[(Box.Numbers * i)..(Box.Numbers * (i + 1))])],
                Array.ConvertAll(left, i => found.Scores[i]),
                Array.ConvertAll(left, i => found.Classes[i]));
    }

    /// <summary>The same pixel, whole numbers being pixels' centres, from pixels of the image to those that the network reads.</summary>
    public (double Y, double X) ToNetwork((double Y, double X) pixel) => (((pixel.Y + 0.5) * Vertical) - 0.5, ((pixel.X + 0.5) * Horizontal) - 0.5);

    /// <summary>And back.</summary>
    public (double Y, double X) ToImage((double Y, double X) pixel) => (((pixel.Y + 0.5) / Vertical) - 0.5, ((pixel.X + 0.5) / Horizontal) - 0.5);

    private static int Side(int side, int of, int by, int most) => Math.Clamp((int)Math.Round((double)side * of / by), 1, most);

    private static void Scale(Span<float> boxes, float horizontal, float vertical)
    {
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] *= i % 2 == 0 ? horizontal : vertical;
        }
    }
}
