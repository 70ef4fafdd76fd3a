using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>Everything that decides the shape of a <see cref="SpatialNetwork"/>; its weights fit any network of an equal spec.</summary>
/// <remarks>Setting a value outside its range throws <see cref="ArgumentOutOfRangeException"/>.</remarks>
public sealed record SpatialNetworkSpec
{
    internal const int SmallestConvolvedSide = 4;

    // Far above any use; a spec read from a damaged file must not ask for all the memory there is.
    internal const int LargestSide = 8192;
    private const int LargestChannels = 1024;
    internal const int MostParallelTransformers = 16;
    internal const int LargestClasses = 1 << 20;

    /// <summary>The network.</summary>
    public required SpatialArchitecture Architecture
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Architecture), value, $"Architecture must be one of {string.Join(", ", Enum.GetNames<SpatialArchitecture>())}.");
    }

    /// <summary>The kind of transformation; unused without a transformer.</summary>
    public required TransformationKind Transformation
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Transformation), value, $"Transformation must be one of {string.Join(", ", Enum.GetNames<TransformationKind>())}.");
    }

    /// <summary>Channels of the input, 1 to 1024.</summary>
    public required int Channels
    {
        get;
        init => field = InRange(value, 1, LargestChannels, nameof(Channels));
    }

    /// <summary>Height of the input in pixels, 1 to 8192; at least 4 for a convolutional network.</summary>
    public required int InputHeight
    {
        get;
        init => field = InRange(value, 1, LargestSide, nameof(InputHeight));
    }

    /// <summary>Width of the input in pixels, 1 to 8192; at least 4 for a convolutional network.</summary>
    public required int InputWidth
    {
        get;
        init => field = InRange(value, 1, LargestSide, nameof(InputWidth));
    }

    /// <summary>
    /// Height in pixels of what the transformer hands to the classifier, 1 to 8192; at least 4 for a convolutional network; unused without a transformer.
    /// </summary>
    public required int RectifiedHeight
    {
        get;
        init => field = InRange(value, 1, LargestSide, nameof(RectifiedHeight));
    }

    /// <summary>Width in pixels of the same.</summary>
    public required int RectifiedWidth
    {
        get;
        init => field = InRange(value, 1, LargestSide, nameof(RectifiedWidth));
    }

    /// <summary>
    /// Number of classes, 2 to 1048576; 0 leaves the classifier out, and needs <see cref="SpatialArchitecture.StFcn"/> or <see cref="SpatialArchitecture.StCnn"/>.
    /// </summary>
    public required int Classes
    {
        get;
        init => field = value == 0 ? 0 : InRange(value, 2, LargestClasses, nameof(Classes));
    }

    /// <summary>
    /// Rows, and columns, of the control points of a thin plate spline, 2 to 32: K is its square, and theta has 2·K numbers. Default 4. Unused by other
    /// kinds of transformation.
    /// </summary>
    public int ControlPointsPerSide
    {
        get;
        init => field = InRange(value, GridGenerator.LeastControlPointsPerSide, GridGenerator.MostControlPointsPerSide, nameof(ControlPointsPerSide));
    }

    = GridGenerator.DefaultControlPointsPerSide;

    /// <summary>How every transformer reads the value between pixels; unused without a transformer.</summary>
    public SamplingMode Sampling
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Sampling), value, $"Sampling must be one of {string.Join(", ", Enum.GetNames<SamplingMode>())}.");
    }

    = SamplingMode.Bilinear;

    /// <summary>What every transformer reads outside its input; unused without a transformer.</summary>
    public PaddingMode Padding
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Padding), value, $"Padding must be one of {string.Join(", ", Enum.GetNames<PaddingMode>())}.");
    }

    /// <summary>
    /// How many transformers work side by side on the input, 1 to 16. Default 1. Each has a localisation network of its own and starts where
    /// <see cref="TransformationStart.Spread"/> says; the classifier reads their outputs joined along the channels. Unused without a transformer.
    /// </summary>
    public int ParallelTransformers
    {
        get;
        init => field = InRange(value, 1, MostParallelTransformers, nameof(ParallelTransformers));
    }

    = 1;

    /// <summary>
    /// The size relative to the input of the window in its middle at which one transformer alone starts, above 0. Default 1, the identity. Unused by several,
    /// and where weights are loaded.
    /// </summary>
    public float StartScale
    {
        get;
        init => field = value > 0 && float.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StartScale), value, FormattableString.Invariant($"StartScale is {value}; it must be a finite number above 0."));
    }

    = 1;

    /// <summary>Whether the network begins with spatial transformers.</summary>
    public bool HasTransformer => Architecture.HasTransformer();

    /// <summary>
    /// A network of this spec on the CPU. Its weights are drawn from torch's global generator, those of the transformer's last layer excepted,
    /// which start at the identity, or the window that the spec says. The caller disposes it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is too small for a convolutional network, or <see cref="Classes"/> is 0 and <see cref="Architecture"/> neither <see cref="SpatialArchitecture.StFcn"/>
    /// nor <see cref="SpatialArchitecture.StCnn"/>.
    /// </exception>
    public SpatialNetwork Build()
    {
        if (Architecture.IsConvolutional())
        {
            InRange(InputHeight, SmallestConvolvedSide, LargestSide, nameof(InputHeight));
            InRange(InputWidth, SmallestConvolvedSide, LargestSide, nameof(InputWidth));
        }

        if (Architecture.IsConvolutional() && HasTransformer)
        {
            InRange(RectifiedHeight, SmallestConvolvedSide, LargestSide, nameof(RectifiedHeight));
            InRange(RectifiedWidth, SmallestConvolvedSide, LargestSide, nameof(RectifiedWidth));
        }

        if (Classes == 0 && (!HasTransformer || Architecture == SpatialArchitecture.StCnnMulti))
        {
            throw new ArgumentOutOfRangeException(nameof(Classes), Classes, $"Classes is 0 and Architecture is {Architecture}; without a classifier it must be {SpatialArchitecture.StFcn} or {SpatialArchitecture.StCnn}.");
        }

        return new SpatialNetwork(this);
    }

    private static int InRange(int value, int least, int most, string property) =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(property, value, $"{property} is {value}; it must be between {least} and {most} here.");
}
