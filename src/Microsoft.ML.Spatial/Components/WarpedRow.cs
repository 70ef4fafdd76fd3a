using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The warped image of the row that a row object or a cursor stands at, made anew each time it is asked for, so that it belongs to who asks.</summary>
internal sealed class WarpedRow : AddedValues
{
    private readonly ImageWarper _warper;
    private readonly DataViewRow _row;
    private readonly IReadOnlyList<DataViewSchema.Column> _sources;
    private readonly (int Seed, long Pass)? _random;
    private readonly ImageSource _images;
    private readonly ValueGetter<VBuffer<float>>? _parameters;
    private readonly ValueGetter<DataViewRowId> _id;
    private VBuffer<float> _values;

    /// <param name="warper">Does it.</param>
    /// <param name="row">The row or cursor.</param>
    /// <param name="sources">Its image column and, where there is one, its parameter column.</param>
    /// <param name="random">What decides random parameters; null where there are none.</param>
    public WarpedRow(ImageWarper warper, DataViewRow row, IReadOnlyList<DataViewSchema.Column> sources, (int Seed, long Pass)? random)
    {
        _warper = warper;
        _row = row;
        _sources = sources;
        _random = random;
        _images = new ImageSource(row.GetGetter<MLImage>(sources[0]));
        _parameters = sources.Count > 1 ? row.GetGetter<VBuffer<float>>(sources[1]) : null;
        _id = row.GetIdGetter();
    }

    public override ValueGetter<T> Getter<T>(DataViewSchema.Column column)
    {
        ValueGetter<MLImage> getter = (ref MLImage target) =>
        {
            var warped = Warped();
            target?.Dispose();
            target = warped!;
        };
        return getter as Delegate as ValueGetter<T> ?? throw new InvalidOperationException($"Column '{column.Name}' holds {typeof(MLImage)}, not {typeof(T)}.");
    }

    public override void Dispose()
    {
        _images.Dispose();
        base.Dispose();
    }

    /// <summary>The warped image; null where the row has none.</summary>
    private MLImage? Warped()
    {
        var image = Try(0, "Image", _images.Take);
        if (image is null)
        {
            return null;
        }

        var theta = _parameters is null ? _warper.Settings.Parameters : Try(1, "Parameter", ReadParameters);
        return Try(0, "Image", () => _warper.Warp(image, _random is (var seed, var pass) ? RandomTheta(image, seed, pass) : theta));
    }

    private float[] RandomTheta(MLImage image, int seed, long pass)
    {
        var id = default(DataViewRowId);
        _id(ref id);
        return _warper.Settings.Random!.Theta(new RowUniforms(seed, pass, id), image.Height, image.Width);
    }

    private float[] ReadParameters()
    {
        _parameters!(ref _values);
        var needed = _warper.Settings.ParameterCount;
        if (_values.Length != needed)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the vector holds {_values.Length} values where {needed} are needed"));
        }

        var theta = new float[needed];
        _values.CopyTo(theta);
        var bad = Array.FindIndex(theta, value => !float.IsFinite(value));
        return bad < 0 ? theta : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"value {bad} is {theta[bad]}; it must be finite"));
    }

    /// <summary>Does what can fail for the value of one row; the error then names it.</summary>
    private T Try<T>(int source, string role, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw RowError.Of(_sources[source].Name, _row, error, role);
        }
    }
}
