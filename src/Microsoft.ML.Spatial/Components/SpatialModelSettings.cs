using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Everything about a trained model but its weights; as JSON it is the header of the model file, so names and meanings stay.</summary>
internal sealed record SpatialModelSettings
{
    public required string ImageColumnName { get; init; }

    public required ImageResizing Resizing { get; init; }

    /// <summary>Most images in one run of the network.</summary>
    public required int BatchSize { get; init; }

    public required SpatialArchitecture Architecture { get; init; }

    public required TransformationKind Transformation { get; init; }

    public required int Channels { get; init; }

    public required int ImageHeight { get; init; }

    public required int ImageWidth { get; init; }

    public required int RectifiedHeight { get; init; }

    public required int RectifiedWidth { get; init; }

    public required int Classes { get; init; }

    /// <summary>Null where the column is not handed out; so for the next three.</summary>
    public required string? PredictedLabelColumnName { get; init; }

    public required string? ScoreColumnName { get; init; }

    public required string? RectifiedColumnName { get; init; }

    public required string? ThetaColumnName { get; init; }

    public required RectifiedOutputKind RectifiedKind { get; init; }

    /// <summary>Whether the rectified image's size was known before any row was read, so that the schema may tell it.</summary>
    public required bool RectifiedSizeInSchema { get; init; }

    public required LabelValues? LabelValues { get; init; }

    /// <summary>What the finished epochs of the training came to.</summary>
    public required TrainingEpoch[] Epochs { get; init; }

    /// <summary>What the network reads.</summary>
    internal ImageShape Shape => new(Channels, ImageHeight, ImageWidth);

    /// <summary>The shape of the rectified image.</summary>
    internal ImageShape RectifiedShape => new(Channels, RectifiedHeight, RectifiedWidth);

    /// <summary>The network these settings describe.</summary>
    internal SpatialNetworkSpec ToNetworkSpec() => new()
    {
        Architecture = Architecture,
        Transformation = Transformation,
        Channels = Channels,
        InputHeight = ImageHeight,
        InputWidth = ImageWidth,
        RectifiedHeight = RectifiedHeight,
        RectifiedWidth = RectifiedWidth,
        Classes = Classes,
    };
}
