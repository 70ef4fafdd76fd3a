namespace Microsoft.ML.Spatial.Modules;

/// <summary>Everything that decides the shape of a <see cref="DetectionNetwork"/>; its weights fit any network of an equal spec.</summary>
/// <remarks>Setting a value outside its range throws <see cref="ArgumentOutOfRangeException"/>.</remarks>
public sealed record DetectionNetworkSpec
{
    internal const int LargestClasses = 1 << 16;
    internal const int LargestWidth = 1024;

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

    /// <summary>Channels of the features at the network's stride of 8, 8 to 1024; the first layers have a quarter and a half of it. Default 64.</summary>
    public int Width
    {
        get;
        init => field = InRange(value, 8, LargestWidth, nameof(Width));
    }

    = 64;

    /// <summary>How many of the backbone's six convolutions, counted from its end, are deformable, 0 to 6. Default 3; 0 is a plain network.</summary>
    public int DeformableLayers
    {
        get;
        init => field = InRange(value, 0, DetectionNetwork.BackboneLayers, nameof(DeformableLayers));
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

    /// <summary>A network of this spec on the CPU, its weights drawn from torch's global generator. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The deformable groups do not divide the channels of a deformable layer.</exception>
    public DetectionNetwork Build() => new(this);

    private static int InRange(int value, int least, int most, string property) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must be between {least} and {most}.");
}
