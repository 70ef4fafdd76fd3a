namespace Microsoft.ML.Spatial.Modules;

/// <summary>Everything that decides the shape of a <see cref="DetectionNetwork"/>; its weights fit any network of an equal spec.</summary>
/// <remarks>Setting a value outside its range throws <see cref="ArgumentOutOfRangeException"/>.</remarks>
public sealed record DetectionNetworkSpec
{
    internal const int LargestClasses = 1 << 16;
    internal const int LargestWidth = 1024;
    internal const int MostProposals = 10_000;

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

    /// <summary>Channels of the features that objects are found in, 8 to 1024. Default 64; the compact backbone's first layers have a quarter and a half of it.</summary>
    public int Width
    {
        get;
        init => field = InRange(value, 8, LargestWidth, nameof(Width));
    }

    = 64;

    /// <summary>How many of the backbone's 3x3 convolutions, counted from its end, are deformable. Default 3; 0 is a plain network; the compact backbone has 6.</summary>
    public int DeformableLayers
    {
        get;
        init => field = InRange(value, 0, CompactBackbone.Layers, nameof(DeformableLayers));
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

    /// <summary>A network of this spec on the CPU, its weights drawn from torch's global generator. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The deformable groups do not divide the channels of a deformable layer.</exception>
    public DetectionNetwork Build() => Architecture switch
    {
        DetectionArchitecture.Fcos => new FcosNetwork(this),
        _ => new TwoStageNetwork(this),
    };

    internal Backbone BuildBackbone() => new CompactBackbone(Channels, Width, DeformableLayers, new DeformableConvolution(DeformGroups, IsModulated), isPyramid: false);

    private static int InRange(int value, int least, int most, string property) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must be between {least} and {most}.");

    private static T Defined<T>(T value, string property)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
}
