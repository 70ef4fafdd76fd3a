using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Maps rows to rows with the warped image behind them.</summary>
internal sealed class ImageWarpingMapper : AddingMapper
{
    private readonly ImageWarper _warper;
    private readonly RandomPasses? _passes;
    private readonly bool _isRandom;

    /// <param name="warper">Does it.</param>
    /// <param name="input">The schema of the rows that come in.</param>
    /// <param name="passes">The passes over random images, told what is read; null where nothing is ever random, or no cursor reads.</param>
    /// <param name="isRandom">Whether the images of this mapper's cursors are the random ones.</param>
    /// <param name="component">Name of the component, for errors.</param>
    public ImageWarpingMapper(ImageWarper warper, DataViewSchema input, RandomPasses? passes, bool isRandom, string component)
        : base(
            input,
            [new DataViewSchema.DetachedColumn(warper.Settings.OutputColumnName, warper.Settings.CheckColumns(SchemaShapes.Of(input), component))],
            SourcesOf(warper.Settings, input))
    {
        _warper = warper;
        _passes = passes;
        _isRandom = isRandom;
    }

    protected override AddedValues ValuesOf(DataViewRow row, ActiveColumns active) => new WarpedRow(_warper, row, Sources, null);

    /// <summary>Each cursor or set of cursors over random images is a pass of its own.</summary>
    internal override Converter<DataViewRowCursor, DataViewRowCursor> CursorWrapper(ActiveColumns active)
    {
        (int Seed, long Pass)? random = null;
        if (_isRandom)
        {
            random = _passes!.Begin();
        }
        else
        {
            _passes?.BeginUnwarped();
        }

        return cursor => new MappedCursor(this, cursor, active, new WarpedRow(_warper, cursor, Sources, random));
    }

    /// <summary>The image column and, where there is one, the parameter column.</summary>
    private static DataViewSchema.Column[] SourcesOf(ImageWarpingSettings settings, DataViewSchema input)
    {
        var image = input[settings.InputColumnName];
        if (settings.ParametersColumnName is null)
        {
            return [image];
        }

        var parameters = input[settings.ParametersColumnName];
        var size = ((VectorDataViewType)parameters.Type).Size;
        return size == settings.ParameterCount
            ? [image, parameters]
            : throw new ArgumentOutOfRangeException(nameof(input), size, FormattableString.Invariant($"Parameter column '{parameters.Name}' holds vectors of {size} values; {settings.ParameterCount} are needed where option {nameof(settings.Transformation)} is {settings.Transformation}."));
    }
}
