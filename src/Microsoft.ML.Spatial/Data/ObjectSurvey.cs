using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>What a first look at the objects alone tells.</summary>
/// <param name="TrainingRows">Rows that are not held out.</param>
/// <param name="HeldOutRows">Rows that are held out for validation.</param>
/// <param name="Objects">Objects of the training rows.</param>
/// <param name="Rows">Which rows these are, as text: numbers and digest; null where the look was ended early.</param>
internal sealed record ObjectSurvey(long TrainingRows, long HeldOutRows, long Objects, string? Rows)
{
    /// <summary>Reads the columns of labels and boxes once.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="heldOut">Which rows are held out; null is none.</param>
    /// <param name="role">What the rows are for, as an error says it: training or validation.</param>
    /// <param name="cancellation">Ends the look early, with what was counted so far and no error.</param>
    /// <exception cref="InvalidDataException">There is no row, no row has an object, or a row has objects that no image can have; the error names it.</exception>
    public static ObjectSurvey Take(IDataView view, ObjectColumns columns, HeldOutRows? heldOut, string role, CancellationToken cancellation)
    {
        long training = 0, held = 0, objects = 0;
        var digest = new RowDigest();
        using var cursor = view.GetRowCursor(columns.All);
        var next = columns.Getter(cursor);
        var id = default(DataViewRowId);
        var idGetter = cursor.GetIdGetter();
        while (!cancellation.IsCancellationRequested && cursor.MoveNext())
        {
            var found = next();
            idGetter(ref id);
            digest.Add(id, found.Classes);
            digest.Add(id, found.Boxes);
            if (heldOut is not null && heldOut.Contains(id))
            {
                held++;
                continue;
            }

            training++;
            objects += found.Count;
        }

        if (cancellation.IsCancellationRequested)
        {
            return new ObjectSurvey(training, held, objects, null);
        }

        if (objects == 0)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"There is no object in column '{columns.Label.Name}' of the {training} {role} rows ({held} are held out for validation)."));
        }

        return new ObjectSurvey(training, held, objects, digest.Describe(training, held));
    }
}
