using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// The triplet hinge loss between what the transformer's windows show and random windows of the same size, plus a loss of windows that leave their image.
/// Labels do not enter.
/// </summary>
/// <param name="network">A network of one attention transformer.</param>
/// <param name="settings">Margin and size of the windows.</param>
/// <param name="seed">Decides the random windows.</param>
internal sealed class ColocalisationObjective(SpatialNetwork network, ColocalisationSettings settings, int seed) : ITrainingObjective
{
    // Windows that may leave the image settle beside the objects, or outside the image, where all look alike. Chosen by experiment.
    private const double OverhangWeight = 400;

    // The place of a window, across and down.
    private const int DrawsPerImage = 2;

    private readonly Random _random = new(seed);
    private readonly PooledEncoder _encoder = new();

    public int LeastBatch => 2;

    public Tensor Loss(Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var count = (int)images.shape[0];

        // The size gets no gradient, so that it stays at its start exactly.
        var sizes = Enumerable.Repeat((float)settings.WindowSize, count).ToArray();
        var places = network.Transformers[0].Localisation.call(images).narrow(1, 1, 2);
        var theta = cat([TensorFactory.FromArray<float>(sizes, [count, 1], images.device), places], 1);
        var random = TensorFactory.FromArray<float>(RandomWindows(count), [count, 3], images.device);
        var hinge = SpatialOps.TripletHinge(Encode(images, theta), Encode(images, random), settings.Margin);
        return hinge.add(SpatialOps.AttentionOverhang(theta).mul(OverhangWeight)).MoveToOuterDisposeScope();
    }

    public void Skip(long images)
    {
        for (var draw = 0L; draw < DrawsPerImage * images; draw++)
        {
            _random.NextDouble();
        }
    }

    public (double Loss, long? Right) Measure(Tensor images, Tensor labels)
    {
        using var loss = Loss(images, labels);
        return (loss.item<float>(), null);
    }

    public void Dispose() => _encoder.Dispose();

    private Tensor Encode(Tensor images, Tensor theta) =>
        _encoder.call(network.Transformers[0].Grid.Warp(images, theta, network.Spec.Sampling, network.Spec.Padding));

    /// <summary>Theta of windows inside the image, each place as likely as any other.</summary>
    private float[] RandomWindows(int count)
    {
        var theta = new float[3 * count];
        for (var i = 0; i < theta.Length; i += 3)
        {
            theta[i] = (float)settings.WindowSize;
            theta[i + 1] = Place();
            theta[i + 2] = Place();
        }

        return theta;

        float Place() => (float)(((2 * _random.NextDouble()) - 1) * (1 - settings.WindowSize));
    }
}
