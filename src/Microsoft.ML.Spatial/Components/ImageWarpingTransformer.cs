using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Warps the images of a column, row by row; made by <see cref="ImageWarpingEstimator"/>.</summary>
/// <remarks>
/// <para>Parameters that are fixed or stand in a column warp every view, row and prediction engine's object alike.</para>
/// <para>Random warps (<see cref="RandomWarp"/>) are for training alone: of a fitted transformer, the first <see cref="Transform"/> of the very view it was fitted on gives random images, and that is the
/// view which a chain of estimators trains its later estimators on. Everything else passes the images on unwarped, only brought to the output's size if one is set: any other view, a second
/// <see cref="Transform"/>, prediction engines, the test folds of <c>CrossValidate</c>, and a model that was loaded. The estimator and the trainer have to stand in the same chain: of a chain that
/// itself is appended to another chain as one estimator, the outer chain takes the second <see cref="Transform"/>. <c>Append</c> nests where the chain stands in a variable of type
/// <c>IEstimator&lt;ITransformer&gt;</c>: take <c>var</c>, or grow a <c>new EstimatorChain&lt;ITransformer&gt;()</c>. Likewise <c>chain.Fit(rows).Transform(rows)</c> before a trainer is fitted apart hands it images as they are.
/// Where images are read unwarped while nothing has read the random ones, the log says so in a warning. A validation set given to a trainer is not warped; validation rows that the trainer
/// holds out of its training view are.</para>
/// <para>A row's random parameters are a pure function of the seed, the pass and the row's id: order of rows, shuffling, sets of cursors and threads do not matter. A pass is one cursor, or set of cursors,
/// over the warped column, so that each epoch sees other images and the whole run can be repeated. A cache behind this transformer keeps the images of one
/// pass: do without <c>AppendCacheCheckpoint</c> there, and know that many of ML.NET's own trainers cache the vectors they train on.</para>
/// <para>Every image handed out is new, belongs to who takes it, keeps the pixel format of its source and is opaque; where it is passed on unwarped its colours are the very same. A row without an image
/// has no warped image either. Any finite parameters give a picture: one that is squeezed to a line or a point, or read outside the source, shows just that (<see cref="Functional.SpatialOps.GridSample"/> says what is read far away). A row whose image or parameters cannot be read fails, when the warped column is asked for there,
/// with an <see cref="InvalidDataException"/> that names it.</para>
/// </remarks>
public sealed class ImageWarpingTransformer : ITransformer
{
    private const string Stream = "Warp.bin";
    private readonly ImageWarper _warper;
    private readonly RandomPasses? _passes;

    /// <param name="warper">Does it.</param>
    /// <param name="passes">Those over the view to be warped at random; null for none.</param>
    internal ImageWarpingTransformer(ImageWarper warper, RandomPasses? passes)
    {
        _warper = warper;
        _passes = passes;
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    /// <summary>A view with the warped images behind the columns of the input; nothing is read before a cursor asks.</summary>
    /// <param name="input">Rows with the image column and, where parameters come from one, the parameter column.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of the wrong type or of the wrong size.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, Mapper(input.Schema, _passes, _passes?.Claims(input) ?? false));
    }

    /// <summary>Writes the settings into ML.NET's save context.</summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        MlNetInternals.Save(ctx, ImageWarpingLoader.Version, Stream, writer => ModelPart.Write(writer, _warper.Settings));

    /// <summary>Reads a transformer from ML.NET's load context; it warps nothing at random.</summary>
    internal static ImageWarpingTransformer Load(object context)
    {
        ImageWarpingSettings? settings = null;
        MlNetInternals.Load(context, ImageWarpingLoader.Version, Stream, reader => settings = ModelPart.Read<ImageWarpingSettings>(reader, read => read.Check()));
        return new ImageWarpingTransformer(new ImageWarper(settings!), null);
    }

    private ImageWarpingMapper Mapper(DataViewSchema schema, RandomPasses? passes = null, bool isRandom = false)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new ImageWarpingMapper(_warper, schema, passes, isRandom, nameof(ImageWarpingTransformer));
    }
}
