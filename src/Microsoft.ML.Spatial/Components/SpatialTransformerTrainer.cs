using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Trains a classifier of images with a spatial transformer network (Jaderberg et al. 2015, arXiv 1506.02025): the network learns, from the class labels alone,
/// to rectify its input before it classifies it.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="SpatialTransformerCatalog.SpatialTransformer(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string, string, SpatialArchitecture, TransformationKind, int, int)"/>.</para>
/// <para>Rows are read anew in each epoch, by one cursor, on a thread of its own, so that a random transform upstream gives fresh images and memory does not grow with the data.
/// <c>AppendCacheCheckpoint</c> does not cache <c>MLImage</c> columns; to keep images in memory, extract their pixels into a float vector before it.</para>
/// <para>One seed decides everything: fitting twice gives the same weights on one machine (with one number of threads).</para>
/// </remarks>
public sealed class SpatialTransformerTrainer : IEstimator<SpatialTransformerClassifier>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly SpatialTransformerFit _fit;

    /// <summary>Makes a trainer.</summary>
    /// <param name="environment">The <c>MLContext</c>, or the environment of a catalog.</param>
    /// <param name="options">What to do; checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public SpatialTransformerTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = environment.Register(nameof(SpatialTransformerTrainer));
        _options = options;
        _fit = new SpatialTransformerFit(_host, options, options.Seed ?? _host.Rand.Next(), nameof(SpatialTransformerTrainer));
    }

    /// <summary>Trains on the rows of a view; the options may name rows to validate on.</summary>
    /// <param name="input">Rows with a label (key) and an image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    /// <exception cref="InvalidDataException">There are no rows or only one class, or an image cannot be used; the error names the row.</exception>
    /// <exception cref="InvalidOperationException">The device asked for is absent, or the loss is not finite in the first epoch.</exception>
    public SpatialTransformerClassifier Fit(IDataView input) => FitCore(input, null);

    /// <inheritdoc cref="Fit(IDataView)"/>
    /// <param name="input">Rows with a label (key) and an image.</param>
    /// <param name="validation">Rows of the same columns, on which each epoch is measured.</param>
    public SpatialTransformerClassifier Fit(IDataView input, IDataView validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        return FitCore(input, validation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _fit.OutputShape(inputSchema, WithColumns);
    }

    private SpatialTransformerClassifier FitCore(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SpatialTransformerClassifier(_host, _fit.Run(input, validation, WithColumns));
    }

    private SpatialModelSettings WithColumns(SpatialModelSettings settings) => settings with
    {
        PredictedLabelColumnName = _options.PredictedLabelColumnName,
        ScoreColumnName = _options.ScoreColumnName,
        RectifiedColumnName = _options.RectifiedColumnName,
        ThetaColumnName = _options.ThetaColumnName,
    };

    /// <summary>Every knob of <see cref="SpatialTransformerTrainer"/> with its default.</summary>
    public sealed class Options : SpatialTransformerOptions
    {
        /// <summary>The column of the predicted class, a key. Default <c>PredictedLabel</c>.</summary>
        public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

        /// <summary>The column of softmax scores, a float vector of one value a class. Default <c>Score</c>.</summary>
        public string ScoreColumnName { get; set; } = "Score";

        /// <summary>The column of rectified images, a float vector [C, H, W]; null (the default) hands out none. Needs an architecture with a spatial transformer.</summary>
        public string? RectifiedColumnName { get; set; }

        /// <summary>The column of theta, a float vector of the transformation's parameters; null (the default) hands out none. Needs an architecture with a spatial transformer.</summary>
        public string? ThetaColumnName { get; set; }

        internal override void Check()
        {
            base.Check();
            OptionCheck.Name(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
            OptionCheck.Name(ScoreColumnName, nameof(ScoreColumnName));
            OptionCheck.OptionalName(RectifiedColumnName, nameof(RectifiedColumnName));
            OptionCheck.OptionalName(ThetaColumnName, nameof(ThetaColumnName));
            var plain = Architecture is SpatialArchitecture.Fcn or SpatialArchitecture.Cnn;
            OptionCheck.That(!plain || RectifiedColumnName is null, $"'{RectifiedColumnName}'", nameof(RectifiedColumnName), $"null where {nameof(Architecture)} is {Architecture}, which has no spatial transformer");
            OptionCheck.That(!plain || ThetaColumnName is null, $"'{ThetaColumnName}'", nameof(ThetaColumnName), $"null where {nameof(Architecture)} is {Architecture}, which has no spatial transformer");
        }
    }
}
