using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Trains a classifier of images with a spatial transformer network (Jaderberg et al. 2015, arXiv 1506.02025): the network learns, from the class labels alone,
/// to rectify its input before it classifies it.
/// </summary>
/// <remarks>Made by <see cref="SpatialTransformerCatalog.SpatialTransformer(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string, string, SpatialArchitecture, TransformationKind, int, int)"/>.</remarks>
public sealed class SpatialTransformerTrainer : SpatialTransformerEstimatorBase<SpatialTransformerClassifier>
{
    /// <summary>Makes a trainer.</summary>
    /// <param name="environment">The <c>MLContext</c>, or the environment of a catalog.</param>
    /// <param name="options">What to do; checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public SpatialTransformerTrainer(IHostEnvironment environment, Options options)
        : base(environment, options)
    {
    }

    private protected override SpatialTransformerClassifier Wrap(SpatialTransformerModel model) => new(Host, model);

    private protected override SpatialModelSettings WithColumns(SpatialModelSettings settings)
    {
        var options = (Options)OwnOptions;
        return settings with
        {
            PredictedLabelColumnName = options.PredictedLabelColumnName,
            ScoreColumnName = options.ScoreColumnName,
            RectifiedColumnName = options.RectifiedColumnName,
            ThetaColumnName = options.ThetaColumnName,
        };
    }

    /// <summary>Every knob of <see cref="SpatialTransformerTrainer"/> with its default.</summary>
    public sealed class Options : SpatialTransformerOptions
    {
        /// <summary>The column of the predicted class, a key. Default <c>PredictedLabel</c>.</summary>
        [NotInFingerprint]
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>The column of softmax scores, a float vector of one value a class. Default <c>Score</c>.</summary>
        [NotInFingerprint]
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>The column of rectified images, what the transformers on the image make of it: a float vector [T * C, H, W]; null (the default) hands out none. Needs an architecture with a spatial transformer.</summary>
        [NotInFingerprint]
        public string? RectifiedColumnName { get; set; }

        /// <summary>The column of theta, a float vector of the parameters of each transformer on the image in turn; null (the default) hands out none. Needs an architecture with a spatial transformer.</summary>
        [NotInFingerprint]
        public string? ThetaColumnName { get; set; }

        internal override void Check()
        {
            base.Check();
            OptionCheck.Name(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
            OptionCheck.Name(ScoreColumnName, nameof(ScoreColumnName));
            OptionCheck.OptionalName(RectifiedColumnName, nameof(RectifiedColumnName));
            OptionCheck.OptionalName(ThetaColumnName, nameof(ThetaColumnName));
            OptionCheck.Distinct((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)), (RectifiedColumnName, nameof(RectifiedColumnName)), (ThetaColumnName, nameof(ThetaColumnName)));
            if (!Architecture.HasTransformer())
            {
                var where = $" where {nameof(Architecture)} is {Architecture}, which has no spatial transformer";
                OptionCheck.That(RectifiedColumnName is null, $"'{RectifiedColumnName}'", nameof(RectifiedColumnName), $"null{where}");
                OptionCheck.That(ThetaColumnName is null, $"'{ThetaColumnName}'", nameof(ThetaColumnName), $"null{where}");
                OptionCheck.That(RectifiedHeight is null, RectifiedHeight, nameof(RectifiedHeight), $"null{where}");
                OptionCheck.That(RectifiedWidth is null, RectifiedWidth, nameof(RectifiedWidth), $"null{where}");
                OptionCheck.That(ParallelTransformers == 1, ParallelTransformers, nameof(ParallelTransformers), $"1{where}");
            }
        }
    }
}
