using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// A family of random distortions of 28 x 28 pictures onto a square canvas, after section 4.1 of Jaderberg et al. 2015
/// (arXiv 1506.02025). An instance holds no state: a picture is a function of the source and of the sample's random numbers.
/// </summary>
internal abstract class Distortion
{
    /// <summary>Every distortion there is, in the order of the paper's tables.</summary>
    public static readonly IReadOnlyList<Distortion> All = [new Rotation(), new RotationTranslationScale(), new ProjectiveStretch(), new Elastic(), new TranslatedClutter()];

    /// <summary>The short name of the command line: R, RTS, P, E, TC.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>The number that keeps the random streams of the distortions apart.</summary>
    public abstract int Id { get; }

    /// <summary>The side of the canvas in pixels.</summary>
    public abstract int CanvasSide { get; }

    /// <summary>Finds a distortion by name, ignoring case.</summary>
    public static Distortion Named(string name) => All.Single(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Draws one sample.</summary>
    /// <param name="source">The 28 x 28 picture.</param>
    /// <param name="uniforms">The sample's random numbers.</param>
    /// <param name="clutter">The training file, which clutter is cut from.</param>
    /// <param name="canvas">Receives CanvasSide x CanvasSide pixels, row-major; its old content does not matter.</param>
    public abstract void Draw(ReadOnlySpan<byte> source, CounterUniforms uniforms, FashionMnistSplit clutter, Span<byte> canvas);
}
