namespace Microsoft.ML.Spatial.Modules;

/// <summary>Everything that decides the shape of a <see cref="DetectionNetwork"/>; its weights fit any network of an equal spec.</summary>
/// <remarks>Setting a value outside its range throws <see cref="ArgumentOutOfRangeException"/>.</remarks>
public sealed record DetectionNetworkSpec
{
    internal const int LargestClasses = 1 << 16;
    internal const int LargestWidth = 1024;
    internal const int MostProposals = 10_000;
    internal const int LargestAnchor = 8192;
    internal const int MostAnchorSizes = 8;
    private const int MostLayers = 33;

    /// <summary>Channels of the image, 1 or 3.</summary>
    public required int Channels
    {
        get;
        init => field = value is 1 or 3 ? value : throw new ArgumentOutOfRangeException(nameof(Channels), value, $"Channels is {value}; it must be 1 or 3.");
    }

    /// <summary>Number of classes, 1 to 65536.</summary>
    public required int Classes
    {
        get;
        init => field = InRange(value, 1, LargestClasses, nameof(Classes));
    }

    /// <summary>How objects are found. Default <see cref="DetectionArchitecture.Fcos"/>.</summary>
    public DetectionArchitecture Architecture
    {
        get;
        init => field = Defined(value, nameof(Architecture));
    }

    /// <summary>What images are looked at with. Default <see cref="BackboneKind.Compact"/>.</summary>
    public BackboneKind Backbone
    {
        get;
        init => field = Defined(value, nameof(Backbone));
    }

    /// <summary>Whether the batch normalisation of a ResNet stays as it is (running statistics, nothing learnt), as is usual with weights that were trained before. Default false.</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <summary>
    /// Whether a one-stage detector looks for objects in a pyramid of maps, small ones in the finest, which share one head: strides 8, 16 and 32 of the compact backbone, 8 to 128 of a ResNet. Else
    /// there is one map, of stride 8 or 16. Default false.
    /// </summary>
    /// <remarks>Source: Lin et al. 2017, Feature Pyramid Networks for Object Detection, arXiv 1612.03144.</remarks>
    public bool FeaturePyramid { get; init; }

    /// <summary>Channels of the features that objects are found in, 8 to 1024. Default 64; the compact backbone's first layers have a quarter and a half of it.</summary>
    public int Width
    {
        get;
        init => field = InRange(value, 8, LargestWidth, nameof(Width));
    }

    = 64;

    /// <summary>How many of the backbone's 3x3 convolutions, counted from its end, are deformable: up to 6 (compact), 16, 32, 16 or 33 (ResNets). Default 3; 0 is a plain network.</summary>
    public int DeformableLayers
    {
        get;
        init => field = InRange(value, 0, MostLayers, nameof(DeformableLayers));
    }

    = 3;

    /// <summary>Whether deformable convolutions weigh what they read (v2). Default true.</summary>
    public bool IsModulated { get; init; } = true;

    /// <summary>Groups of input channels with offsets of their own, 1 to 64; they divide the input channels of every deformable layer. Default 1.</summary>
    public int DeformGroups
    {
        get;
        init => field = InRange(value, 1, 64, nameof(DeformGroups));
    }

    = 1;

    /// <summary>Whether a two-stage detector pools regions deformably: each part of a region moves by an offset of its own that is learnt. Default false.</summary>
    public bool DeformableRoIPooling { get; init; }

    /// <summary>Regions of an image that a two-stage detector looks at, 1 to 10,000. Default 100.</summary>
    public int Proposals
    {
        get;
        init => field = InRange(value, 1, MostProposals, nameof(Proposals));
    }

    = 100;

    /// <summary>The side in pixels of a two-stage detector's smallest square anchors, 1 to 8192. Default 16: suits small objects, as the compact backbone's map of stride 8 does.</summary>
    public int SmallestAnchor
    {
        get;
        init => field = InRange(value, 1, LargestAnchor, nameof(SmallestAnchor));
    }

    = 16;

    /// <summary>Sizes of its anchors, each twice the one before, 1 to 8; each comes in the ratios of height to width 1:2, 1:1 and 2:1. Default 3: 16, 32 and 64 pixels.</summary>
    public int AnchorSizes
    {
        get;
        init => field = InRange(value, 1, MostAnchorSizes, nameof(AnchorSizes));
    }

    = 3;

    /// <summary>Layers of the residual network; null is another backbone.</summary>
    private int? Depth => DepthOf(Backbone);

    /// <summary>Rows and columns of the parts of a region that vote in R-FCN: among the values of Dai et al. 2016, table 2.</summary>
    internal int VotingParts => Depth is null ? 3 : 7;

    /// <summary>A network of this spec on the CPU, its weights drawn from torch's global generator. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">
    /// The backbone has not as many 3x3 convolutions as are to be deformable, the deformable groups do not divide the channels of one of them, or a two-stage detector is to have a pyramid.
    /// </exception>
    public DetectionNetwork Build()
    {
        if (FeaturePyramid && Architecture != DetectionArchitecture.Fcos)
            throw new ArgumentException($"FeaturePyramid is true and Architecture is {Architecture}; only {DetectionArchitecture.Fcos} has a pyramid.");
        InRange(DeformableLayers, 0, Layers(Backbone), nameof(DeformableLayers));
        return Architecture == DetectionArchitecture.Fcos ? new FcosNetwork(this) : new TwoStageNetwork(this);
    }

    /// <summary>How many 3x3 convolutions a backbone has that may be deformable.</summary>
    internal static int Layers(BackboneKind kind) => DepthOf(kind) is { } depth ? ResNetBackbone.Layers(depth) : CompactBackbone.Layers;

    internal Backbone BuildBackbone()
    {
        var deformation = new DeformableConvolution(DeformGroups, IsModulated);
        return Depth is { } depth
            ? new ResNetBackbone(depth, Channels, DeformableLayers, deformation, FrozenBatchNorm, FeaturePyramid)
            : new CompactBackbone(Channels, Width, DeformableLayers, deformation, FeaturePyramid);
    }

    /// <summary>What brings a backbone's maps to the width; null where there is nothing to do.</summary>
    /// <param name="levels">The backbone's maps.</param>
    internal FeaturePyramid? BuildPyramid(IReadOnlyList<FeatureLevel> levels) =>
        FeaturePyramid || Depth is not null ? new FeaturePyramid(levels, Width, FeaturePyramid && Depth is not null ? 2 : 0) : null;

    /// <summary>The anchors of a two-stage detector.</summary>
    /// <param name="stride">The stride of its map.</param>
    internal AnchorBoxes Anchors(int stride) => new(stride, [.. Enumerable.Range(0, AnchorSizes).Select(i => (float)SmallestAnchor * (1 << i))]);

    private static int? DepthOf(BackboneKind kind) => kind switch
    {
        BackboneKind.ResNet18 => 18,
        BackboneKind.ResNet34 => 34,
        BackboneKind.ResNet50 => 50,
        BackboneKind.ResNet101 => 101,
        _ => null,
    };

    private static int InRange(int value, int least, int most, string property) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must be between {least} and {most}.");

    private static T Defined<T>(T value, string property)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
}
