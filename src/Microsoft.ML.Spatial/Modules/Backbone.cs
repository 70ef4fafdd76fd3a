using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What a detector looks at images with: maps of features, the finest first.</summary>
/// <param name="name">The type's name.</param>
internal abstract class Backbone(string name) : nn.Module<Tensor, Tensor[]>(name)
{
    /// <summary>The maps.</summary>
    public abstract IReadOnlyList<FeatureLevel> Levels { get; }

    /// <summary>Pixels of the image from one position to the next behind the last of its convolutions that may be deformable.</summary>
    public virtual int DeformableStride => Levels[^1].Stride;

    /// <summary>Images of pixels in [0, 1] as the backbone wants them.</summary>
    public virtual Tensor Prepared(Tensor images) => images;

    /// <summary>The maps <c>[N, C, ⌈H / stride⌉, ⌈W / stride⌉]</c> of images <c>[N, Channels, H, W]</c>.</summary>
    public override Tensor[] forward(Tensor input) => Run(input, null);

    /// <summary>The same, telling on the way what each deformable convolution reads.</summary>
    /// <param name="input">The images.</param>
    /// <param name="visit">Told of each deformable convolution, in the order in which they run, and of its input, which is freed afterwards; null is nobody.</param>
    public abstract Tensor[] Run(Tensor input, Action<DeformConv2dPack, Tensor>? visit);
}
