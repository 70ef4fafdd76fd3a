using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Trains a detector of objects in images whose last convolutions are deformable (Dai et al. 2017, arXiv 1703.06211; Zhu et al. 2019, arXiv 1811.11168): they learn where to read,
/// so that what they see bends with the objects. By default the network (<see cref="DetectionNetwork"/>) is compact, one-stage and anchor-free, and trains from scratch.
/// </summary>
/// <remarks>
/// <para>Input: <c>Image</c> (<c>MLImage</c>, or a float vector), <c>Label</c> (a variable vector of keys, one an object) and <c>BoundingBoxes</c> (a variable float vector, x0, y0, x1, y1 of each
/// object, in pixels of the image; x1 and y1 are the first pixels outside). Images without any object are learnt from too, and crowds are not, where a column <c>IsCrowd</c> (a vector of booleans) tells which objects are. The columns are those of ML.NET's own object detection.</para>
/// <para>All images are brought to one size before the network reads them: that of the options, else of the column's type, else of the first image. Their aspect ratio is kept, and what is left is padded (<see cref="ImageResizing.Pad"/>),
/// unless an option says otherwise. Boxes go with them, there and back; those found are cut off at the edges of their image.</para>
/// <para>Before it trains, <c>Fit</c> reads every row once, images decoded, so that bad ones are found then: somewhat less reading than an epoch's, and no training.</para>
/// <para>Rows are read anew in each epoch, on a thread of its own; memory does not grow with the data. One seed decides everything: fitting twice gives the same weights on the CPU of one machine.</para>
/// </remarks>
public sealed class DeformableDetectorTrainer : IEstimator<DeformableDetectorTransformer>
{
    private readonly DeformableDetectorFit _fit;

    /// <summary>Makes a trainer.</summary>
    /// <param name="environment">The <c>MLContext</c>, or the environment of a catalog.</param>
    /// <param name="options">What to do; checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public DeformableDetectorTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var own = options.Copy<Options>();
        var host = environment.Register(nameof(DeformableDetectorTrainer));
        _fit = new DeformableDetectorFit(environment, host, own, own.Seed ?? host.Rand.Next());
    }

    /// <summary>Trains on the rows of a view; the options may name rows to validate on.</summary>
    /// <param name="input">Rows with images and their objects.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    /// <exception cref="InvalidDataException">There are no objects to learn from, or none in rows held out, or a row's image or objects cannot be used; the error names the row; or a checkpoint is damaged.</exception>
    /// <exception cref="FormatException">The file of <see cref="Options.BackboneWeights"/> is damaged, or of another network; the error names each tensor at fault.</exception>
    /// <exception cref="IOException">That file, or that of a checkpoint, cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">The device asked for is absent, the loss is not finite in the first epoch, or a checkpoint is of another training; the error names what differs.</exception>
    public DeformableDetectorTransformer Fit(IDataView input) => FitCore(input, null);

    /// <inheritdoc cref="Fit(IDataView)"/>
    /// <param name="input">Rows with images and their objects.</param>
    /// <param name="validation">Rows of the same columns, on which each epoch is measured.</param>
    public DeformableDetectorTransformer Fit(IDataView input, IDataView validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        return FitCore(input, validation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _fit.OutputShape(inputSchema);
    }

    private DeformableDetectorTransformer FitCore(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _fit.Run(input, validation);
    }

    /// <summary>Every knob of <see cref="DeformableDetectorTrainer"/> with its default.</summary>
    public sealed class Options : ImageTrainingOptions
    {
        private const int DefaultProposals = 100;
        private const double DefaultOffsetFactor = 0.1;
        private const int LeastResNetChannels = 64;

        /// <summary>Options with a detector's defaults.</summary>
        public Options()
        {
            (BatchSize, Optimizer, LearningRate, WeightDecay) = (16, OptimizerKind.AdamW, 2e-3, 1e-4);
            (WarmupSteps, GradientClip, Resizing) = (100, 5, ImageResizing.Pad);
        }

        /// <summary>The column of boxes, a variable float vector: x0, y0, x1, y1 of each object, in pixels of the image. Default <c>BoundingBoxes</c>.</summary>
        public string BoundingBoxColumnName { get; set; } = "BoundingBoxes";

        /// <summary>The column of the predicted classes, a variable vector of keys. Default <c>PredictedLabel</c>.</summary>
        [NotInFingerprint]
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>The column of the predicted boxes, a variable float vector. Default <c>PredictedBoundingBoxes</c>.</summary>
        [NotInFingerprint]
        public string PredictedBoundingBoxColumnName { get; set; } = "PredictedBoundingBoxes";

        /// <summary>The column of scores, a variable float vector. Default <c>Score</c>.</summary>
        [NotInFingerprint]
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>How objects are found. Default <see cref="DetectionArchitecture.Fcos"/>.</summary>
        public DetectionArchitecture Architecture { get; set; } = DetectionArchitecture.Fcos;

        /// <summary>
        /// Whether a two-stage detector pools regions deformably (of Faster R-CNN deformable RoI pooling in place of RoI align, of R-FCN the position-sensitive kinds). Default false; has no
        /// effect on <see cref="DetectionArchitecture.Fcos"/>, and is refused there.
        /// </summary>
        public bool DeformableRoIPooling { get; set; }

        /// <summary>Regions of an image that a two-stage detector looks at, 1 to 10,000. Default 100.</summary>
        public int Proposals { get; set; } = DefaultProposals;

        /// <summary>What images are looked at with. Default <see cref="BackboneKind.Compact"/>; the ResNets want <see cref="BackboneWeights"/> and larger images.</summary>
        public BackboneKind Backbone { get; set; } = BackboneKind.Compact;

        /// <summary>
        /// A safetensors file of weights that the ResNet starts from, by torchvision's names (the state dictionary of <c>resnet18</c> and so on); null starts anew. All the weights must be there and
        /// fit; what of the file is not used is told in the log.
        /// </summary>
        public string? BackboneWeights { get; set; }

        /// <summary>
        /// Whether the batch normalisation of a ResNet stays as it is: running statistics, nothing learnt. Null is yes where there are <see cref="BackboneWeights"/>, else no: statistics that nobody
        /// took normalise nothing.
        /// </summary>
        public bool? FrozenBatchNorm { get; set; }

        /// <summary>
        /// Whether a one-stage detector looks for objects in a pyramid of maps, small ones in the finest: strides 8, 16 and 32 of the compact backbone, 8 to 128 of a ResNet. Null is yes for a ResNet
        /// and no for the compact backbone, whose one map of stride 8 suits objects of up to about 100 pixels. Two-stage detectors have one map, of stride 8 or 16.
        /// </summary>
        public bool? FeaturePyramid { get; set; }

        /// <summary>
        /// The side in pixels (of the image as the network reads it) of a two-stage detector's smallest square anchors, 1 to 8192: about that of the smallest objects. Null is 16, with a ResNet 64.
        /// </summary>
        public int? SmallestAnchor { get; set; }

        /// <summary>Sizes of the anchors, each twice the one before, 1 to 8. Null is 3, with a ResNet 4.</summary>
        public int? AnchorSizes { get; set; }

        /// <summary>How many of the backbone's 3x3 convolutions, counted from its end, are deformable: up to 6 (compact), 16, 32, 16 or 33 (ResNets). Default 3; 0 trains a plain detector.</summary>
        public int DeformableLayers { get; set; } = 3;

        /// <summary>Whether deformable convolutions also weigh what they read (v2). Default true.</summary>
        public bool Modulated { get; set; } = true;

        /// <summary>Groups of channels with offsets of their own; they divide the input channels of every deformable layer. Default 1.</summary>
        public int DeformGroups { get; set; } = 1;

        /// <summary>
        /// How fast the branches learn that predict where deformable convolutions read, as a multiple of the learning rate, at least 0; those of deformable RoI pooling learn at a tenth of it, as Dai
        /// et al. 2017 have them. Default 0.1.
        /// </summary>
        public double OffsetLearningRateFactor { get; set; } = DefaultOffsetFactor;

        /// <summary>Channels of the features that objects are found in, 8 to 1024. Null is 64, with a ResNet 256. Time grows with its square.</summary>
        public int? Width { get; set; }

        /// <summary>How many of the training images are mirrored left to right, in [0, 1]. Default 0.5.</summary>
        public double HorizontalFlipProbability { get; set; } = 0.5;

        /// <summary>
        /// How many times as large training images are shown, anywhere from the least to the greatest, between 0.1 and 10. Default (1, 1): as they are. Of an image that becomes larger than what
        /// the network reads, a place chosen at random is seen; one that becomes smaller is put at a place chosen at random among zeros. Boxes go along and are cut off at the edges of what is seen;
        /// what is left of an object of whose box less than 0.3 of the area stays in sight is learnt as background.
        /// </summary>
        public WarpRange ScaleJitter { get; set; } = new(1, 1);

        /// <summary>
        /// Training images are made brighter or darker at random: pixels are multiplied by a factor between max(0, 1 - this) and 1 + this. At least 0; default 0. This and the next two are for
        /// pixels in [0, 1], as <c>MLImage</c> gives them, and clamp to it what they change; they come in this order, before <see cref="ScaleJitter"/>, and are torchvision's <c>ColorJitter</c>'s.
        /// </summary>
        public double Brightness { get; set; }

        /// <summary>The same of contrast: pixels move away from the mean grey of their image, or towards it, by such a factor. At least 0; default 0.</summary>
        public double Contrast { get; set; }

        /// <summary>The same of saturation: pixels move away from their own grey, or towards it, by such a factor. At least 0; default 0. Without effect on grey images.</summary>
        public double Saturation { get; set; }

        /// <summary>
        /// What <c>Fit</c> does with a box that reaches outside its image or has no area, before any row is learnt from; what is changed or left out is counted in a warning.
        /// Default <see cref="InvalidBoxes.Fail"/>.
        /// </summary>
        public InvalidBoxes InvalidBoxes { get; set; } = InvalidBoxes.Fail;

        /// <summary>Detections less sure than this are dropped, in [0, 1]. Default 0.02, which leaves the choice to who uses the scores; 0.3 to 0.5 shows what a person would take for found.</summary>
        public double ScoreThreshold { get; set; } = 0.02;

        /// <summary>The most that two boxes of one class may overlap (intersection over union), in [0, 1]: of more, the surer one stays. Default 0.6.</summary>
        public double IouThreshold { get; set; } = 0.6;

        /// <summary>
        /// Null (the default) drops boxes that overlap surer ones of their class. A number above 0 makes them less sure instead, by the factor exp(-IoU² / this), so that objects that overlap each other
        /// stay (soft suppression: Bodla et al. 2017, arXiv 1704.04503, where it is 0.5); <see cref="IouThreshold"/> then has no effect, and what falls to <see cref="ScoreThreshold"/> is dropped.
        /// </summary>
        public double? SoftNmsSigma { get; set; }

        /// <summary>Most detections in an image, the surest; at least 1. Default 100.</summary>
        public int MostDetections { get; set; } = 100;

        /// <summary>The figure on the validation rows by which the best epoch is chosen. Default <see cref="ValidationMetric.AveragePrecision"/>.</summary>
        public ValidationMetric EarlyStoppingMetric { get; set; } = ValidationMetric.AveragePrecision;

        private protected override ValidationMetric Metric => EarlyStoppingMetric;

        internal override void Check()
        {
            base.Check();
            OptionCheck.Name(BoundingBoxColumnName, nameof(BoundingBoxColumnName));
            OptionCheck.Name(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
            OptionCheck.Name(PredictedBoundingBoxColumnName, nameof(PredictedBoundingBoxColumnName));
            OptionCheck.Name(ScoreColumnName, nameof(ScoreColumnName));
            OptionCheck.Distinct(
                (LabelColumnName, nameof(LabelColumnName)), (BoundingBoxColumnName, nameof(BoundingBoxColumnName)), (ImageColumnName, nameof(ImageColumnName)),
                (PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (PredictedBoundingBoxColumnName, nameof(PredictedBoundingBoxColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
            OptionCheck.Defined(Architecture, nameof(Architecture));
            var isTwoStage = Architecture != DetectionArchitecture.Fcos;
            OptionCheck.That(isTwoStage || !DeformableRoIPooling, DeformableRoIPooling, nameof(DeformableRoIPooling), $"false where {nameof(Architecture)} is {Architecture}, which pools no regions");
            OptionCheck.Between(Proposals, 1, DetectionNetworkSpec.MostProposals, nameof(Proposals));
            OptionCheck.That(isTwoStage || Proposals == DefaultProposals, Proposals, nameof(Proposals), $"{DefaultProposals} where {nameof(Architecture)} is {Architecture}, which has no proposals");
            OptionCheck.That(isTwoStage || SmallestAnchor is null, SmallestAnchor, nameof(SmallestAnchor), $"null where {nameof(Architecture)} is {Architecture}, which has no anchors");
            OptionCheck.That(isTwoStage || AnchorSizes is null, AnchorSizes, nameof(AnchorSizes), $"null where {nameof(Architecture)} is {Architecture}, which has no anchors");
            OptionCheck.Between(ToSmallestAnchor(), 1, DetectionNetworkSpec.LargestAnchor, nameof(SmallestAnchor));
            OptionCheck.Between(ToAnchorSizes(), 1, DetectionNetworkSpec.MostAnchorSizes, nameof(AnchorSizes));
            OptionCheck.Defined(Backbone, nameof(Backbone));
            var isResNet = Backbone != BackboneKind.Compact;
            OptionCheck.That(isResNet || BackboneWeights is null, BackboneWeights, nameof(BackboneWeights), $"null where {nameof(Backbone)} is {Backbone}: weights are read for a ResNet");
            OptionCheck.That(isResNet || FrozenBatchNorm is not true, FrozenBatchNorm, nameof(FrozenBatchNorm), $"null or false where {nameof(Backbone)} is {Backbone}, which is trained from scratch");
            OptionCheck.That(!isTwoStage || FeaturePyramid is not true, FeaturePyramid, nameof(FeaturePyramid), $"null or false where {nameof(Architecture)} is {Architecture}, which has one map");
            OptionCheck.Between(DeformableLayers, 0, DetectionNetworkSpec.Layers(Backbone), nameof(DeformableLayers));
            var width = ToNetworkWidth();
            OptionCheck.Between(width, 8, DetectionNetworkSpec.LargestWidth, nameof(Width));
            OptionCheck.That(isResNet || width % 4 == 0, width, nameof(Width), "a multiple of 4");
            var (channels, what) = isResNet ? (LeastResNetChannels, "the channels of a ResNet's first stage") : (width / 4, $"a quarter of {nameof(Width)}");
            OptionCheck.That(DeformGroups >= 1 && channels % DeformGroups == 0, DeformGroups, nameof(DeformGroups), $"a divisor of {what}, {channels}");
            var isFirstDeformable = !isResNet && DeformableLayers == CompactBackbone.Layers;
            OptionCheck.That(DeformGroups == 1 || (DeformableLayers > 0 && !isFirstDeformable), DeformGroups, nameof(DeformGroups), $"1 where {nameof(DeformableLayers)} is {DeformableLayers}");
            OptionCheck.NotNegative(OffsetLearningRateFactor, nameof(OffsetLearningRateFactor));
            OptionCheck.That(HorizontalFlipProbability is >= 0 and <= 1, HorizontalFlipProbability, nameof(HorizontalFlipProbability), "in [0, 1]");
            OptionCheck.That(
                ScaleJitter.Minimum >= 0.1 && ScaleJitter.Minimum <= ScaleJitter.Maximum && ScaleJitter.Maximum <= 10, FormattableString.Invariant($"({ScaleJitter.Minimum}, {ScaleJitter.Maximum})"),
                nameof(ScaleJitter), "two numbers between 0.1 and 10, of which the first is not above the second");
            OptionCheck.NotNegative(Brightness, nameof(Brightness));
            OptionCheck.NotNegative(Contrast, nameof(Contrast));
            OptionCheck.NotNegative(Saturation, nameof(Saturation));
            OptionCheck.Defined(InvalidBoxes, nameof(InvalidBoxes));
            OptionCheck.PositiveOrNull(SoftNmsSigma, nameof(SoftNmsSigma));
            OptionCheck.That(ScoreThreshold is >= 0 and <= 1, ScoreThreshold, nameof(ScoreThreshold), "in [0, 1]");
            OptionCheck.That(IouThreshold is >= 0 and <= 1, IouThreshold, nameof(IouThreshold), "in [0, 1]");
            OptionCheck.AtLeast(MostDetections, 1, nameof(MostDetections));
            OptionCheck.Defined(EarlyStoppingMetric, nameof(EarlyStoppingMetric));
            OptionCheck.That(EarlyStoppingMetric != ValidationMetric.Accuracy, EarlyStoppingMetric, nameof(EarlyStoppingMetric), $"{ValidationMetric.AveragePrecision} or {ValidationMetric.Loss}");
        }

        /// <summary>What is changed at random in training images.</summary>
        internal SceneAugmentation ToAugmentation() => new(HorizontalFlipProbability, ScaleJitter, Brightness, Contrast, Saturation);

        /// <summary>What the factors of offset branches are multiplied by.</summary>
        internal double ToOffsetScale() => OffsetLearningRateFactor / DefaultOffsetFactor;

        /// <summary>The channels of the features, where nothing is said those that suit the backbone.</summary>
        internal int ToNetworkWidth() => Width ?? (Backbone == BackboneKind.Compact ? 64 : 256);

        /// <summary>The smallest anchors; so, and so for the next.</summary>
        internal int ToSmallestAnchor() => SmallestAnchor ?? (Backbone == BackboneKind.Compact ? 16 : 64);

        internal int ToAnchorSizes() => AnchorSizes ?? (Backbone == BackboneKind.Compact ? 3 : 4);

        internal override void CheckSide(int? side, string option) =>
            OptionCheck.That(
                side is null || (side >= LeastSideOf(Backbone) && side <= SpatialNetworkSpec.LargestSide), side, option,
                $"between {LeastSideOf(Backbone)} and {SpatialNetworkSpec.LargestSide} pixels where {nameof(Backbone)} is {Backbone}");

        /// <summary>The least height and width of images: of a ResNet such that the coarsest map has more than one position.</summary>
        internal static int LeastSideOf(BackboneKind backbone) => backbone == BackboneKind.Compact ? 16 : 64;
    }
}
