using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The error for a row whose value cannot be used.</summary>
internal static class RowError
{
    /// <summary>Names the column and the row, and says what went wrong and what to do.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="position">The row's position in its cursor.</param>
    /// <param name="id">The row's id, whose low part is the row's number in the source where the source numbers its rows; a shuffled cursor keeps it.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="remedy">What to do; may be empty.</param>
    /// <param name="role">What the column holds, as the message begins.</param>
    public static InvalidDataException Of(string column, long position, DataViewRowId id, Exception error, string remedy, string role = "Image") =>
        new($"{Place(column, position, id, role)}: {error.Message.TrimEnd('.')}. {remedy}".TrimEnd(), error);

    /// <summary>Names the column and the row that a row object or a cursor stands at.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="row">The row.</param>
    /// <param name="role">What the column holds.</param>
    public static string Place(string column, DataViewRow row, string role) => Place(column, row.Position, IdOf(row), role);

    /// <summary>The same for the row that a row object or a cursor stands at.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="row">The row.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="role">What the column holds, as the message begins.</param>
    public static InvalidDataException Of(string column, DataViewRow row, Exception error, string role = "Image") => Of(column, row.Position, IdOf(row), error, "", role);

    /// <summary>The same in training, with what can be done about it.</summary>
    public static InvalidDataException OfTraining(string column, long position, DataViewRowId id, Exception error) =>
        Of(column, position, id, error, $"Mend or remove the row, or set option {nameof(ImageTrainingOptions.InvalidImages)} to {InvalidImages.Skip}.");

    private static string Place(string column, long position, DataViewRowId id, string role)
    {
        var row = id.High == 0 && id.Low <= long.MaxValue ? (long)id.Low : position;
        return string.Create(CultureInfo.InvariantCulture, $"{role} column '{column}', row {row}");
    }

    private static DataViewRowId IdOf(DataViewRow row)
    {
        var id = default(DataViewRowId);
        row.GetIdGetter()(ref id);
        return id;
    }
}
