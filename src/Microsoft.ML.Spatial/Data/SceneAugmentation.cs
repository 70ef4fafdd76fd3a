using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Data;

/// <summary>How images of training and their objects are changed at random.</summary>
/// <param name="HorizontalFlipProbability">How many of the images are mirrored left to right, in [0, 1].</param>
/// <param name="Scale">How many times as large images are shown.</param>
/// <param name="Brightness">By how much brightness is multiplied: a factor of 1 - this to 1 + this.</param>
/// <param name="Contrast">The same of contrast.</param>
/// <param name="Saturation">The same of saturation.</param>
internal sealed record SceneAugmentation(double HorizontalFlipProbability, WarpRange Scale, double Brightness, double Contrast, double Saturation)
{
    /// <summary>The least share of an object's area that must be left in sight; an object of which less is left is no object any more.</summary>
    public const double LeastVisible = 0.3;

    /// <summary>The range of a factor: from 0 on where more than 1 is taken away.</summary>
    public static WarpRange Factors(double jitter) => new(Math.Max(0, 1 - jitter), 1 + jitter);

    /// <summary>The objects of an image that is shown larger or smaller: cut off at the edges of what is seen, without those of which too little is left.</summary>
    public static ImageObjects Zoomed(ImageObjects objects, SceneZoom zoom, ImageSize frame)
    {
        var (boxes, classes) = (new List<float>(objects.Boxes.Length), new List<int>(objects.Count));
        var seen = new Box(0, 0, frame.Width, frame.Height);
        for (var i = 0; i < objects.Count; i++)
        {
            var box = zoom.Apply(Box.At(objects.Boxes, i));
            if (box.Intersection(seen) >= LeastVisible * box.Area)
            {
                boxes.AddRange([(float)Math.Max(0, box.X0), (float)Math.Max(0, box.Y0), (float)Math.Min(frame.Width, box.X1), (float)Math.Min(frame.Height, box.Y1)]);
                classes.Add(objects.Classes[i]);
            }
        }

        return new ImageObjects([.. boxes], [.. classes]);
    }
}
