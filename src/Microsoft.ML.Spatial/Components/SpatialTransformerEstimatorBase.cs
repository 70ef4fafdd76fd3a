using Microsoft.ML.Runtime;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What <see cref="SpatialTransformerTrainer"/> and <see cref="SpatialTransformerEstimator"/> share: one training of a network, fitted to rows of labels and images.</summary>
/// <typeparam name="TTransformer">What a fit yields.</typeparam>
/// <remarks>
/// <para>Rows are read anew in each epoch, by one cursor, on a thread of its own, so that a random transform upstream gives fresh images and memory does not grow with the data.
/// <c>AppendCacheCheckpoint</c> does not cache <c>MLImage</c> columns (nor pass them on); to keep images in memory, extract their pixels into a float vector before it.</para>
/// <para>One seed decides everything: fitting twice gives the same weights on the CPU of one machine (with one number of threads).</para>
/// </remarks>
public abstract class SpatialTransformerEstimatorBase<TTransformer> : IEstimator<TTransformer>
    where TTransformer : SpatialTransformerTransformerBase
{
    private readonly SpatialTransformerFit _fit;

    private protected SpatialTransformerEstimatorBase(IHostEnvironment environment, SpatialTransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        OwnOptions = options.Copy<SpatialTransformerOptions>();
        var component = GetType().Name;
        Host = environment.Register(component);
        _fit = new SpatialTransformerFit(environment, Host, OwnOptions, OwnOptions.Seed ?? Host.Rand.Next(), component);
    }

    /// <summary>The options as they were when the component was made.</summary>
    private protected SpatialTransformerOptions OwnOptions { get; }

    /// <summary>The environment of this component.</summary>
    private protected IHost Host { get; }

    /// <summary>Trains on the rows of a view; the options may name rows to validate on.</summary>
    /// <param name="input">Rows with a label (key) and an image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    /// <exception cref="InvalidDataException">There are no rows or only one class, or an image cannot be used; the error names the row; or a checkpoint is damaged.</exception>
    /// <exception cref="InvalidOperationException">The device asked for is absent, the loss is not finite in the first epoch, or a checkpoint is of another training; the error names what differs.</exception>
    public TTransformer Fit(IDataView input) => FitCore(input, null);

    /// <inheritdoc cref="Fit(IDataView)"/>
    /// <param name="input">Rows with a label (key) and an image.</param>
    /// <param name="validation">Rows of the same columns, on which each epoch is measured.</param>
    public TTransformer Fit(IDataView input, IDataView validation)
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

    private protected abstract TTransformer Wrap(SpatialTransformerModel model);

    /// <summary>Adds to a model's settings the columns that it hands out.</summary>
    private protected abstract SpatialModelSettings WithColumns(SpatialModelSettings settings);

    private TTransformer FitCore(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Wrap(_fit.Run(input, validation, WithColumns));
    }
}
