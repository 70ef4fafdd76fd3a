extern alias mlstub;

using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Persistence;

// ML.NET finds the loader of a part of model.zip by this attribute of its own. It is internal, so it is compiled against a reference assembly
// of the same name, and the runtime is told to let us at it; without the second attribute ML.NET would skip the first without a word.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: mlstub::Microsoft.ML.LoadableClass(typeof(ITransformer), typeof(SpatialTransformerClassifierLoader), null, typeof(mlstub::Microsoft.ML.SignatureLoadModel), "Spatial transformer classifier", SpatialTransformerClassifierLoader.Signature)]
[assembly: mlstub::Microsoft.ML.LoadableClass(typeof(ITransformer), typeof(SpatialTransformerRectifierLoader), null, typeof(mlstub::Microsoft.ML.SignatureLoadModel), "Spatial transformer rectifier", SpatialTransformerRectifierLoader.Signature)]
[assembly: mlstub::Microsoft.ML.LoadableClass(typeof(ITransformer), typeof(ImageWarpingLoader), null, typeof(mlstub::Microsoft.ML.SignatureLoadModel), "Image warping", ImageWarpingLoader.Signature)]
[assembly: mlstub::Microsoft.ML.LoadableClass(typeof(ITransformer), typeof(DeformableDetectorLoader), null, typeof(mlstub::Microsoft.ML.SignatureLoadModel), "Deformable detector", DeformableDetectorLoader.Signature)]

namespace System.Runtime.CompilerServices
{
    /// <summary>Known to the runtime by name: code of this assembly may use the internals of the assembly named.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}

namespace Microsoft.ML.Spatial.Persistence
{
    using Microsoft.ML.Runtime;

    /// <summary>Makes a <see cref="SpatialTransformerClassifier"/> from its part of <c>model.zip</c>.</summary>
    internal static class SpatialTransformerClassifierLoader
    {
        public const string Signature = "SpatialTransformerClass";

        public static readonly ModelVersion Version = new("SPTLCLSF", Signature, 0x00010004, 0x00010004, 0x00010001);

        // Called by ML.NET. Its ModelLoadContext is internal, and object takes it.
        private static ITransformer Create(IHostEnvironment env, object ctx) => new SpatialTransformerClassifier(env, SpatialTransformerModel.Load(env, ctx, Version));
    }

    /// <summary>Makes a <see cref="SpatialTransformerRectifier"/> from its part of <c>model.zip</c>.</summary>
    internal static class SpatialTransformerRectifierLoader
    {
        public const string Signature = "SpatialTransformerRect";

        public static readonly ModelVersion Version = new("SPTLRECT", Signature, 0x00010004, 0x00010004, 0x00010001);

        // Called by ML.NET. Its ModelLoadContext is internal, and object takes it.
        private static ITransformer Create(IHostEnvironment env, object ctx) => new SpatialTransformerRectifier(env, SpatialTransformerModel.Load(env, ctx, Version));
    }

    /// <summary>Makes an <see cref="ImageWarpingTransformer"/> from its part of <c>model.zip</c>.</summary>
    internal static class ImageWarpingLoader
    {
        public const string Signature = "SpatialImageWarping";

        public static readonly ModelVersion Version = new("SPTLWARP", Signature, 0x00010001, 0x00010001, 0x00010001);

        // Called by ML.NET. Its ModelLoadContext is internal, and object takes it.
        private static ITransformer Create(IHostEnvironment env, object ctx) => ImageWarpingTransformer.Load(ctx);
    }

    /// <summary>Makes a <see cref="DeformableDetectorTransformer"/> from its part of <c>model.zip</c>.</summary>
    internal static class DeformableDetectorLoader
    {
        public const string Signature = "DeformableDetector";

        public static readonly ModelVersion Version = new("SPTLDETR", Signature, 0x00010002, 0x00010002, 0x00010001);

        // Called by ML.NET. Its ModelLoadContext is internal, and object takes it.
        private static ITransformer Create(IHostEnvironment env, object ctx) => new DeformableDetectorTransformer(env, DeformableDetectorModel.Load(env, ctx, Version));
    }
}
