using System.Globalization;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Batches of images with their objects as a network reads them: boxes taken in and brought to where the network sees them, images and objects changed at random.</summary>
/// <param name="source">The images as they are.</param>
/// <param name="shape">What the network reads.</param>
/// <param name="resizing">How images are brought there.</param>
/// <param name="boxColumn">Name of the column of boxes, for errors.</param>
/// <param name="intake">Takes the boxes in.</param>
/// <param name="augmenter">Changes them at random; null leaves them as they are.</param>
internal sealed class SceneBatches(
    IEpochSource<ImageBatch<ImageObjects>> source, ImageShape shape, ImageResizing resizing, string boxColumn, BoxIntake intake, SceneAugmenter? augmenter)
    : IEpochSource<ImageBatch<ImageObjects>>
{
    public long Skipped => source.Skipped;

    public IEnumerable<ImageBatch<ImageObjects>> Batches
    {
        get
        {
            foreach (var batch in source.Batches)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var placement = ImagePlacement.Of(batch.Sizes[i], shape, resizing);
                    var objects = intake.Take(batch.Labels[i], batch.Sizes[i], Name);
                    placement.ToNetwork(objects.Boxes);
                    batch.Labels[i] = augmenter?.Apply(batch.Pixels.AsSpan(i * shape.Length, shape.Length), placement.Extent, objects) ?? objects;
                }

                yield return batch;
            }
        }
    }

    private string Name(int number, Box box) => string.Create(CultureInfo.InvariantCulture, $"Box column '{boxColumn}': box {box}");
}
