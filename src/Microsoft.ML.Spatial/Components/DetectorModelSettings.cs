using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Everything about a trained detector but its weights; as JSON it is the header of the model file, so names and meanings stay.</summary>
internal sealed record DetectorModelSettings
{
    public required string ImageColumnName { get; init; }

    public required ImageResizing Resizing { get; init; }

    /// <summary>Most images in one run of the network.</summary>
    public required int BatchSize { get; init; }

    public required int Channels { get; init; }

    public required int ImageHeight { get; init; }

    public required int ImageWidth { get; init; }

    public required int Classes { get; init; }

    /// <summary>Files of version 1.1 do not hold this nor the next seven: what their models have stands here.</summary>
    public DetectionArchitecture Architecture { get; init; } = DetectionArchitecture.Fcos;

    public BackboneKind Backbone { get; init; } = BackboneKind.Compact;

    public bool FrozenBatchNorm { get; init; }

    public bool FeaturePyramid { get; init; }

    public bool DeformableRoIPooling { get; init; }

    public int Proposals { get; init; } = 100;

    public int SmallestAnchor { get; init; } = 16;

    public int AnchorSizes { get; init; } = 3;

    public required int Width { get; init; }

    public required int DeformableLayers { get; init; }

    public required bool IsModulated { get; init; }

    public required int DeformGroups { get; init; }

    public required double ScoreThreshold { get; init; }

    public required double IouThreshold { get; init; }

    public required int MostDetections { get; init; }

    /// <summary>Files before soft suppression do not hold it: their models suppress outright.</summary>
    public double? SoftNmsSigma { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public required string PredictedBoundingBoxColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required LabelValues? LabelValues { get; init; }

    /// <summary>What the finished epochs of the training came to.</summary>
    public required TrainingEpoch[] Epochs { get; init; }

    /// <summary>What the network reads.</summary>
    internal ImageShape Shape => new(Channels, ImageHeight, ImageWidth);

    /// <summary>The network these settings describe.</summary>
    internal DetectionNetworkSpec ToNetworkSpec() => new()
    {
        Channels = Channels,
        Classes = Classes,
        Architecture = Architecture,
        Backbone = Backbone,
        FrozenBatchNorm = FrozenBatchNorm,
        FeaturePyramid = FeaturePyramid,
        DeformableRoIPooling = DeformableRoIPooling,
        Proposals = Proposals,
        SmallestAnchor = SmallestAnchor,
        AnchorSizes = AnchorSizes,
        Width = Width,
        DeformableLayers = DeformableLayers,
        IsModulated = IsModulated,
        DeformGroups = DeformGroups,
    };

    /// <summary>How the network's output becomes boxes.</summary>
    internal DetectionDecoder ToDecoder() => new(ScoreThreshold, IouThreshold, MostDetections, SoftNmsSigma);

    /// <summary>These settings, where they are ones a model can have.</summary>
    /// <exception cref="ArgumentException">They are not; the error names the value.</exception>
    internal DetectorModelSettings Checked()
    {
        OptionCheck.Name(ImageColumnName, nameof(ImageColumnName));
        OptionCheck.Name(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        OptionCheck.Name(PredictedBoundingBoxColumnName, nameof(PredictedBoundingBoxColumnName));
        OptionCheck.Name(ScoreColumnName, nameof(ScoreColumnName));
        OptionCheck.Defined(Resizing, nameof(Resizing));
        OptionCheck.AtLeast(BatchSize, 1, nameof(BatchSize));
        OptionCheck.Between(ImageHeight, DeformableDetectorTrainer.Options.LeastSideOf(Backbone), SpatialNetworkSpec.LargestSide, nameof(ImageHeight));
        OptionCheck.Between(ImageWidth, DeformableDetectorTrainer.Options.LeastSideOf(Backbone), SpatialNetworkSpec.LargestSide, nameof(ImageWidth));
        OptionCheck.That(ScoreThreshold is >= 0 and <= 1, ScoreThreshold, nameof(ScoreThreshold), "in [0, 1]");
        OptionCheck.That(IouThreshold is >= 0 and <= 1, IouThreshold, nameof(IouThreshold), "in [0, 1]");
        OptionCheck.AtLeast(MostDetections, 1, nameof(MostDetections));
        OptionCheck.PositiveOrNull(SoftNmsSigma, nameof(SoftNmsSigma));
        OptionCheck.That(LabelValues is null || LabelValues.Texts.Length == Classes, LabelValues?.Texts.Length, nameof(LabelValues), $"as many as Classes, {Classes}");
        OptionCheck.Batch(BatchSize, Shape, nameof(ImageHeight), nameof(ImageWidth));
        return this;
    }
}
