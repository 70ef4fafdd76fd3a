using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Trains a spatial transformer network (Jaderberg et al. 2015, arXiv 1506.02025) on class labels and hands out what its transformer makes of an image: the
/// rectified image, and theta, for other components to use.
/// </summary>
/// <remarks>Made by <see cref="SpatialTransformerCatalog.SpatialTransformer(TransformsCatalog, string, string, string, SpatialArchitecture, TransformationKind, int, int)"/>. The training is that of <see cref="SpatialTransformerTrainer"/>.</remarks>
public sealed class SpatialTransformerEstimator : SpatialTransformerEstimatorBase<SpatialTransformerRectifier>
{
    /// <summary>Makes an estimator.</summary>
    /// <param name="environment">The <c>MLContext</c>, or the environment of a catalog.</param>
    /// <param name="options">What to do; checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public SpatialTransformerEstimator(IHostEnvironment environment, Options options)
        : base(environment, options)
    {
    }

    private protected override SpatialTransformerRectifier Wrap(SpatialTransformerModel model) => new(Host, model);

    private protected override SpatialModelSettings WithColumns(SpatialModelSettings settings)
    {
        var options = (Options)OwnOptions;
        return settings with
        {
            RectifiedColumnName = options.OutputColumnName,
            RectifiedKind = options.OutputKind,
            ThetaColumnName = options.ThetaColumnName,
        };
    }

    /// <summary>Every knob of <see cref="SpatialTransformerEstimator"/> with its default.</summary>
    public sealed class Options : SpatialTransformerOptions
    {
        /// <summary>The column of rectified images: what the transformers on the image make of it. Default <c>Rectified</c>.</summary>
        public string OutputColumnName { get; set; } = "Rectified";

        /// <summary>
        /// The form of the rectified image. Default <see cref="RectifiedOutputKind.Vector"/>. <see cref="RectifiedOutputKind.Image"/> needs 1 or 3 channels:
        /// <see cref="SpatialTransformerOptions.ParallelTransformers"/> times those of the image.
        /// </summary>
        public RectifiedOutputKind OutputKind { get; set; } = RectifiedOutputKind.Vector;

        /// <summary>
        /// The column of theta, a float vector of the parameters of the transformer on the image, or of each of the <see cref="SpatialTransformerOptions.ParallelTransformers"/>
        /// in turn; null (the default) hands out none.
        /// </summary>
        public string? ThetaColumnName { get; set; }

        internal override void Check()
        {
            base.Check();
            OptionCheck.Name(OutputColumnName, nameof(OutputColumnName));
            OptionCheck.Defined(OutputKind, nameof(OutputKind));
            OptionCheck.OptionalName(ThetaColumnName, nameof(ThetaColumnName));
            OptionCheck.Distinct((OutputColumnName, nameof(OutputColumnName)), (ThetaColumnName, nameof(ThetaColumnName)));
            OptionCheck.That(Architecture.HasTransformer(), Architecture, nameof(Architecture), $"{SpatialArchitecture.StFcn}, {SpatialArchitecture.StCnn} or {SpatialArchitecture.StCnnMulti}: the others have no spatial transformer");
        }
    }
}
