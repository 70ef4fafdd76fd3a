using System.Globalization;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Batches of images with their objects as a network reads them: boxes brought to the size of the network's input, images mirrored at random.</summary>
/// <param name="source">The images as they are.</param>
/// <param name="shape">What the network reads.</param>
/// <param name="boxColumn">Name of the column of boxes, for errors.</param>
/// <param name="flipProbability">How many of the images are mirrored left to right, in [0, 1].</param>
/// <param name="random">Decides which; null where none is.</param>
internal sealed class SceneBatches(IEpochSource<ImageBatch<ImageObjects>> source, ImageShape shape, string boxColumn, double flipProbability, Random? random) : IEpochSource<ImageBatch<ImageObjects>>
{
    // Boxes drawn by hand reach over the edge a little.
    private const float Overhang = 1;

    public long Skipped => source.Skipped;

    public IEnumerable<ImageBatch<ImageObjects>> Batches
    {
        get
        {
            foreach (var batch in source.Batches)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    batch.Labels[i] = Scaled(batch.Labels[i], batch.Sizes[i]);
                    if (random is not null && random.NextDouble() < flipProbability)
                        Flip(batch.Pixels.AsSpan(i * shape.Length, shape.Length), batch.Labels[i].Boxes);
                }

                yield return batch;
            }
        }
    }

    private ImageObjects Scaled(ImageObjects objects, ImageSize size)
    {
        var (horizontal, vertical) = ((float)shape.Width / size.Width, (float)shape.Height / size.Height);
        var boxes = new float[objects.Boxes.Length];
        for (var i = 0; i < boxes.Length; i += Box.Numbers)
        {
            var box = Box.At(objects.Boxes, i / Box.Numbers);
            if (box.X0 < -Overhang || box.Y0 < -Overhang || box.X1 > size.Width + Overhang || box.Y1 > size.Height + Overhang)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Box column '{boxColumn}' holds the box {box} for an image of {size.Width} x {size.Height} pixels (width x height); boxes must lie within their image."));
            }

            (boxes[i], boxes[i + 1]) = ((float)Math.Max(0, box.X0) * horizontal, (float)Math.Max(0, box.Y0) * vertical);
            (boxes[i + 2], boxes[i + 3]) = ((float)Math.Min(size.Width, box.X1) * horizontal, (float)Math.Min(size.Height, box.Y1) * vertical);
        }

        return objects with { Boxes = boxes };
    }

    private void Flip(Span<float> planes, float[] boxes)
    {
        for (var row = 0; row < planes.Length; row += shape.Width)
            planes.Slice(row, shape.Width).Reverse();
        for (var i = 0; i < boxes.Length; i += Box.Numbers)
            (boxes[i], boxes[i + 2]) = (shape.Width - boxes[i + 2], shape.Width - boxes[i]);
    }
}
