using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Warps images by parameters that are fixed, stand in a column, or are random (augmentation: while training only).</summary>
/// <remarks>
/// <para>Convention: parameters map target to source coordinates, (x, y) in [−1, 1] over the whole picture: −1 and 1 are the outer edges of the outermost pixels (<c>alignCorners</c> is false),
/// y points down. Ranges of <see cref="RandomWarp"/> say what the picture visibly does.</para>
/// <para>Fitting reads no row. What a fitted warp does at which time is said at <see cref="ImageWarpingTransformer"/>.</para>
/// <para>Made by <see cref="WarpImagesCatalog"/>. Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv 1506.02025, sections 3.2 and 3.3.</para>
/// </remarks>
public sealed class ImageWarpingEstimator : IEstimator<ImageWarpingTransformer>
{
    private readonly ImageWarpingSettings _settings;
    private readonly (IHost Host, int Seed)? _random;

    /// <summary>Makes an estimator.</summary>
    /// <param name="environment">The <c>MLContext</c>, or the environment of a catalog.</param>
    /// <param name="options">What to do; checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value it cannot have; the error names both.</exception>
    public ImageWarpingEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        _settings = options.ToSettings();
        _settings.Check();
        OptionCheck.That(_settings.Random is not null || options.Seed is null, options.Seed, nameof(options.Seed), $"null where {nameof(options.Random)} is not set: nothing is random");
        if (_settings.Random is not null)
        {
            var host = environment.Register(nameof(ImageWarpingEstimator));
            _random = (host, options.Seed ?? host.Rand.Next());
        }
    }

    /// <summary>Checks the columns; no row is read.</summary>
    /// <param name="input">Rows with the image column and, where parameters come from one, the parameter column. Random images are made for this very view: see <see cref="ImageWarpingTransformer"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    /// <exception cref="InvalidOperationException">The native library of torch is missing.</exception>
    public ImageWarpingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new ImageWarpingTransformer(new ImageWarper(_settings), _random is (var host, var seed) ? new RandomPasses(host, seed, input) : null);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(_settings.OutputColumnName, _settings.CheckColumns(inputSchema, nameof(ImageWarpingEstimator)));
        return SchemaShapes.Add(inputSchema, builder.ToSchema());
    }

    /// <summary>Every knob of <see cref="ImageWarpingEstimator"/> with its default. One of <see cref="Parameters"/>, <see cref="ParametersColumnName"/> and <see cref="Random"/> has to be set.</summary>
    public sealed class Options
    {
        /// <summary>The column of warped images, <c>MLImage</c>. Default <c>Image</c>.</summary>
        public string OutputColumnName { get; set; } = "Image";

        /// <summary>The column of images, <c>MLImage</c>; null (the default) is <see cref="OutputColumnName"/>.</summary>
        public string? InputColumnName { get; set; }

        /// <summary>What <see cref="Parameters"/> or those of the column stand for. Default <see cref="TransformationKind.Affine"/>.</summary>
        public TransformationKind Transformation { get; set; } = TransformationKind.Affine;

        /// <summary>
        /// Rows, and columns, of the control points of <see cref="TransformationKind.ThinPlateSpline"/>, 2 to 32: K is its square, and theta has 2K values.
        /// Default 4. Other transformations do not use it.
        /// </summary>
        public int ControlPointsPerSide { get; set; } = 4;

        /// <summary>The parameters theta for every image: finite numbers, as many as <see cref="Transformation"/> has. A theta that squeezes the picture to a line or a point is allowed.</summary>
        public float[]? Parameters { get; set; }

        /// <summary>A column of the parameters theta of each row: a float vector of as many values as <see cref="Transformation"/> has.</summary>
        public string? ParametersColumnName { get; set; }

        /// <summary>The ranges of random warps, for augmentation.</summary>
        public RandomWarp? Random { get; set; }

        /// <summary>Decides the random warps; null takes one from the environment (and so from <c>MLContext</c>'s seed) when the estimator is made. Refused without <see cref="Random"/>.</summary>
        public int? Seed { get; set; }

        /// <summary>Height in pixels of the output, 1 to 16384; null is that of the input image. The output may hold 178,956,970 pixels at most.</summary>
        public int? OutputHeight { get; set; }

        /// <summary>Width in pixels of the output, 1 to 16384; null is that of the input image. The output may hold 178,956,970 pixels at most.</summary>
        public int? OutputWidth { get; set; }

        /// <summary>How the value between pixels is read. None of them smooths: to shrink a picture much, resize it first. Default <see cref="SamplingMode.Bilinear"/>.</summary>
        public SamplingMode Sampling { get; set; } = SamplingMode.Bilinear;

        /// <summary>What is read outside the picture; <see cref="PaddingMode.Zeros"/> is black. Default <see cref="PaddingMode.Zeros"/>.</summary>
        public PaddingMode Padding { get; set; } = PaddingMode.Zeros;

        /// <summary>A copy that later changes to these options do not reach.</summary>
        internal ImageWarpingSettings ToSettings() => new()
        {
            OutputColumnName = OutputColumnName,
            InputColumnName = InputColumnName ?? OutputColumnName,
            Transformation = Transformation,
            ControlPointsPerSide = ControlPointsPerSide,
            Parameters = (float[]?)Parameters?.Clone(),
            ParametersColumnName = ParametersColumnName,
            Random = Random,
            OutputHeight = OutputHeight,
            OutputWidth = OutputWidth,
            Sampling = Sampling,
            Padding = Padding,
        };
    }
}
