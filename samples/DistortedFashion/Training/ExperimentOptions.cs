using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Training;

/// <summary>What an <see cref="Experiment"/> trains, on what, and how.</summary>
internal sealed record ExperimentOptions
{
    /// <summary>The distortion of the pictures.</summary>
    public required Distortion Distortion { get; init; }

    /// <summary>The models, in the order of training.</summary>
    public required IReadOnlyList<TableNetwork> Models { get; init; }

    /// <summary>How they are trained.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>The learning rate of the localisation network, relative to the rest.</summary>
    public required double LocalisationFactor { get; init; }

    /// <summary>The relative learning rate of the localisation network in the reference recipe: 0.3 on E, 1 elsewhere.</summary>
    public static double ReferenceLocalisationFactor(Distortion distortion) => distortion is Elastic ? 0.3 : 1;
}
