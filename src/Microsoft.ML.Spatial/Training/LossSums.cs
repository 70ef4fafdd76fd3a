using Microsoft.ML.Spatial.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Adds up the losses of batches, their parts by name.</summary>
internal sealed class LossSums
{
    private readonly Dictionary<string, double> _parts = [];
    private double _sum;

    /// <summary>Images in the batches so far.</summary>
    public long Images { get; private set; }

    /// <summary>The mean of the whole loss.</summary>
    public double Mean => _sum / Images;

    /// <summary>The means of its parts, in the order in which they came up; empty where it has none.</summary>
    public Dictionary<string, double> Parts => _parts.ToDictionary(part => part.Key, part => part.Value / Images);

    /// <summary>Adds the mean losses of a batch.</summary>
    /// <param name="whole">Their sum.</param>
    /// <param name="losses">The losses that are parts of it; one alone is none.</param>
    /// <param name="images">Images in the batch.</param>
    public void Add(float whole, IReadOnlyList<NamedLoss> losses, int images)
    {
        _sum += whole * images;
        Images += images;
        if (losses.Count == 1)
        {
            return;
        }

        foreach (var (name, value) in losses)
        {
            _parts[name] = _parts.GetValueOrDefault(name) + ((double)value.item<float>() * images);
        }
    }

    /// <summary>The sum of losses, which a training goes down.</summary>
    public static Tensor Whole(IReadOnlyList<NamedLoss> losses) => losses.Skip(1).Aggregate(losses[0].Value, (sum, loss) => sum.add(loss.Value));
}
