using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Data;

/// <summary>
/// Changes images and their objects at random: mirrors them, changes their colours, and shows them larger or smaller, in this order. Belongs to one pass over the rows.
/// </summary>
/// <param name="augmentation">What is changed.</param>
/// <param name="shape">What the network reads.</param>
/// <param name="random">Decides how; of what is never changed nothing is drawn.</param>
internal sealed class SceneAugmenter(SceneAugmentation augmentation, ImageShape shape, Random random)
{
    private readonly ImageResampler _resampler = new();
    private readonly float[] _extent = augmentation.Scale == new WarpRange(1, 1) ? [] : new float[shape.Length];

    /// <summary>Changes an image.</summary>
    /// <param name="planes">The image, as the network reads it.</param>
    /// <param name="extent">The part of it, from the upper left corner, that is not padding.</param>
    /// <param name="objects">Its objects, in pixels of what the network reads; the boxes may be changed where they are.</param>
    /// <returns>The objects of the changed image.</returns>
    public ImageObjects Apply(Span<float> planes, ImageSize extent, ImageObjects objects)
    {
        if (random.NextDouble() < augmentation.HorizontalFlipProbability)
        {
            Flip(planes, extent, objects.Boxes);
        }

        ChangeColours(new PlaneColours(planes, shape, extent));
        if (augmentation.Scale == new WarpRange(1, 1))
        {
            return objects;
        }

        var frame = new ImageSize(shape.Height, shape.Width);
        var zoom = SceneZoom.At(augmentation.Scale.At(random.NextDouble()), extent, frame, random.NextDouble(), random.NextDouble());
        var whole = CopyOf(planes, extent);
        _resampler.Resize(whole, extent, zoom, planes, shape);
        return SceneAugmentation.Zoomed(objects, zoom, frame);
    }

    /// <summary>The padding stays where it is.</summary>
    private void Flip(Span<float> planes, ImageSize extent, float[] boxes)
    {
        var area = shape.Height * shape.Width;
        for (var plane = 0; plane < planes.Length; plane += area)
        {
            for (var row = 0; row < extent.Height; row++)
                planes.Slice(plane + (row * shape.Width), extent.Width).Reverse();
        }

        for (var i = 0; i < boxes.Length; i += Box.Numbers)
            (boxes[i], boxes[i + 2]) = (extent.Width - boxes[i + 2], extent.Width - boxes[i]);
    }

    private void ChangeColours(PlaneColours colours)
    {
        if (augmentation.Brightness > 0)
            colours.Brighten(Factor(augmentation.Brightness));
        if (augmentation.Contrast > 0)
            colours.Contrast(Factor(augmentation.Contrast));
        if (augmentation.Saturation > 0)
            colours.Saturate(Factor(augmentation.Saturation));
    }

    private float Factor(double jitter) => (float)SceneAugmentation.Factors(jitter).At(random.NextDouble());

    /// <summary>The image without its padding, its planes one after the other.</summary>
    private ReadOnlySpan<float> CopyOf(ReadOnlySpan<float> planes, ImageSize extent)
    {
        var at = 0;
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var row = 0; row < extent.Height; row++, at += extent.Width)
                planes.Slice(((channel * shape.Height) + row) * shape.Width, extent.Width).CopyTo(_extent.AsSpan(at));
        }

        return _extent.AsSpan(0, at);
    }
}
