using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Components;

/// <summary>
/// Trains a spatial transformer network (Jaderberg et al. 2015, arXiv 1506.02025) on class labels and hands out what its transformer makes of an image: the
/// rectified image, and theta, for other components to use.
/// </summary>
/// <remarks>Made by <see cref="SpatialTransformerCatalog.SpatialTransformer(TransformsCatalog, string, string, string, SpatialArchitecture, TransformationKind, int, int)"/>. The training is that of <see cref="SpatialTransformerTrainer"/>, and so are its remarks.</remarks>
public sealed class SpatialTransformerEstimator : IEstimator<SpatialTransformerRectifier>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly SpatialTransformerFit _fit;

    /// <summary>Makes an estimator.</summary>
    /// <param name="environment">The <c>MLContext</c>, or the environment of a catalog.</param>
    /// <param name="options">What to do; checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public SpatialTransformerEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = environment.Register(nameof(SpatialTransformerEstimator));
        _options = options;
        _fit = new SpatialTransformerFit(_host, options, options.Seed ?? _host.Rand.Next(), nameof(SpatialTransformerEstimator));
    }

    /// <summary>Trains on the rows of a view; the options may name rows to validate on.</summary>
    /// <param name="input">Rows with a label (key) and an image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    /// <exception cref="InvalidDataException">There are no rows or only one class, or an image cannot be used; the error names the row.</exception>
    /// <exception cref="InvalidOperationException">The device asked for is absent, or the loss is not finite in the first epoch.</exception>
    public SpatialTransformerRectifier Fit(IDataView input) => FitCore(input, null);

    /// <inheritdoc cref="Fit(IDataView)"/>
    /// <param name="input">Rows with a label (key) and an image.</param>
    /// <param name="validation">Rows of the same columns, on which each epoch is measured.</param>
    public SpatialTransformerRectifier Fit(IDataView input, IDataView validation)
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

    private SpatialTransformerRectifier FitCore(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SpatialTransformerRectifier(_host, _fit.Run(input, validation, WithColumns));
    }

    private SpatialModelSettings WithColumns(SpatialModelSettings settings) => settings with
    {
        RectifiedColumnName = _options.OutputColumnName,
        RectifiedKind = _options.OutputKind,
        ThetaColumnName = _options.ThetaColumnName,
    };

    /// <summary>Every knob of <see cref="SpatialTransformerEstimator"/> with its default.</summary>
    public sealed class Options : SpatialTransformerOptions
    {
        /// <summary>The column of rectified images. Default <c>Rectified</c>.</summary>
        public string OutputColumnName { get; set; } = "Rectified";

        /// <summary>The form of the rectified image. Default <see cref="RectifiedOutputKind.Vector"/>.</summary>
        public RectifiedOutputKind OutputKind { get; set; } = RectifiedOutputKind.Vector;

        /// <summary>The column of theta, a float vector of the transformation's parameters; null (the default) hands out none.</summary>
        public string? ThetaColumnName { get; set; }

        internal override void Check()
        {
            base.Check();
            OptionCheck.Name(OutputColumnName, nameof(OutputColumnName));
            OptionCheck.Defined(OutputKind, nameof(OutputKind));
            OptionCheck.OptionalName(ThetaColumnName, nameof(ThetaColumnName));
            OptionCheck.That(Architecture is SpatialArchitecture.StFcn or SpatialArchitecture.StCnn, Architecture, nameof(Architecture), $"{SpatialArchitecture.StFcn} or {SpatialArchitecture.StCnn}: the others have no spatial transformer");
        }
    }
}
