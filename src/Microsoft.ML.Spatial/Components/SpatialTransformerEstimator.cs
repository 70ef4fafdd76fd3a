using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Trains a spatial transformer network (Jaderberg et al. 2015, arXiv 1506.02025) on class labels, or without any (<see cref="Options.Objective"/>), and hands out what its transformer makes of an image: the
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
        private const double DefaultTripletMargin = 1;
        private const double DefaultWindowSize = 0.5;

        /// <summary>
        /// What the transformation is learnt from. Default <see cref="SpatialObjective.Classification"/>. <see cref="SpatialObjective.Colocalisation"/> needs no label column
        /// (<see cref="ImageTrainingOptions.LabelColumnName"/> is not used), one transformer of <see cref="TransformationKind.Attention"/>, no weight decay,
        /// and images of dark background (0 is nothing); the transformation is then a window of <see cref="WindowSize"/>, of which the place is learnt. Training and validation
        /// loss are the mean hinge loss plus a term for windows that leave the image, and the best epoch is chosen by the loss.
        /// </summary>
        public SpatialObjective Objective { get; set; } = SpatialObjective.Classification;

        /// <summary>
        /// Co-localisation: by how much, in squared distance, windows on two images are to be nearer to each other than to a random part of the image. Finite, at least 0.
        /// Default 1, where squared distances reach 8 (<see cref="PooledEncoder.Length"/> is 2). More draws windows off the objects' middles.
        /// With another objective it has to stay at its default, and so has <see cref="WindowSize"/>.
        /// </summary>
        public double TripletMargin { get; set; } = DefaultTripletMargin;

        /// <summary>Co-localisation: size of the window relative to the image, in (0, 1): about that of the objects. Default 0.5.</summary>
        public double WindowSize { get; set; } = DefaultWindowSize;

        /// <summary>The column of rectified images: what the transformers on the image make of it. Default <c>Rectified</c>.</summary>
        [NotInFingerprint]
        public string OutputColumnName { get; set; } = "Rectified";

        /// <summary>
        /// The form of the rectified image. Default <see cref="RectifiedOutputKind.Vector"/>. <see cref="RectifiedOutputKind.Image"/> needs 1 or 3 channels:
        /// <see cref="SpatialTransformerOptions.ParallelTransformers"/> times those of the image.
        /// </summary>
        [NotInFingerprint]
        public RectifiedOutputKind OutputKind { get; set; } = RectifiedOutputKind.Vector;

        /// <summary>
        /// The column of theta, a float vector of the parameters of the transformer on the image, or of each of the <see cref="SpatialTransformerOptions.ParallelTransformers"/>
        /// in turn; null (the default) hands out none.
        /// </summary>
        [NotInFingerprint]
        public string? ThetaColumnName { get; set; }

        internal override ColocalisationSettings? Colocalisation => Objective == SpatialObjective.Colocalisation ? new(TripletMargin, WindowSize) : null;

        internal override void Check()
        {
            base.Check();
            OptionCheck.Defined(Objective, nameof(Objective));
            OptionCheck.NotNegative(TripletMargin, nameof(TripletMargin));
            OptionCheck.That(WindowSize is > 0 and < 1, WindowSize, nameof(WindowSize), "above 0 and below 1");
            OptionCheck.Name(OutputColumnName, nameof(OutputColumnName));
            OptionCheck.Defined(OutputKind, nameof(OutputKind));
            OptionCheck.OptionalName(ThetaColumnName, nameof(ThetaColumnName));
            OptionCheck.Distinct((OutputColumnName, nameof(OutputColumnName)), (ThetaColumnName, nameof(ThetaColumnName)));
            OptionCheck.That(Architecture.HasTransformer(), Architecture, nameof(Architecture), $"{SpatialArchitecture.StFcn}, {SpatialArchitecture.StCnn} or {SpatialArchitecture.StCnnMulti}: the others have no spatial transformer");
            if (Objective == SpatialObjective.Colocalisation)
            {
                CheckColocalisation();
            }
            else
            {
                var where = FormattableString.Invariant($" where {nameof(Objective)} is {Objective}, which has no use for it; {nameof(SpatialObjective.Colocalisation)} has");
                OptionCheck.That(TripletMargin == DefaultTripletMargin, TripletMargin, nameof(TripletMargin), FormattableString.Invariant($"{DefaultTripletMargin}, the default,{where}"));
                OptionCheck.That(WindowSize == DefaultWindowSize, WindowSize, nameof(WindowSize), FormattableString.Invariant($"{DefaultWindowSize}, the default,{where}"));
            }
        }

        private void CheckColocalisation()
        {
            var where = $" where {nameof(Objective)} is {Objective}";
            OptionCheck.That(Architecture is SpatialArchitecture.StFcn or SpatialArchitecture.StCnn, Architecture, nameof(Architecture), $"{SpatialArchitecture.StFcn} or {SpatialArchitecture.StCnn}{where}: there is no classifier");
            OptionCheck.That(Transformation == TransformationKind.Attention, Transformation, nameof(Transformation), $"{TransformationKind.Attention}{where}");
            OptionCheck.That(ParallelTransformers == 1, ParallelTransformers, nameof(ParallelTransformers), $"1{where}");
            OptionCheck.That(BatchSize >= 2, BatchSize, nameof(BatchSize), $"at least 2{where}: images are compared in pairs");
            OptionCheck.That(WeightDecay == 0, WeightDecay, nameof(WeightDecay), $"0{where}: it would shrink the window");
        }
    }
}
