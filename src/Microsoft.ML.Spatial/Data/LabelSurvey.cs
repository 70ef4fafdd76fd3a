using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Data;

/// <summary>What a first look at the labels alone tells: how many rows there are to train and to validate on.</summary>
/// <param name="TrainingRows">Rows with a label that are not held out.</param>
/// <param name="HeldOutRows">Rows with a label that are held out for validation.</param>
/// <param name="MissingLabels">Rows without a label, which are left out.</param>
/// <param name="Rows">Which rows these are, as text: numbers and digest; null where the look was ended early.</param>
internal sealed record LabelSurvey(long TrainingRows, long HeldOutRows, long MissingLabels, string? Rows)
{
    /// <summary>Reads the label column once.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="label">The label column, a key; null counts every row.</param>
    /// <param name="classes">Number of classes; without a label column any above 0.</param>
    /// <param name="heldOut">Which rows are held out; null is none.</param>
    /// <param name="role">What the rows are for, as an error says it: training or validation.</param>
    /// <param name="needsTwoClasses">Whether labels of one class only are an error.</param>
    /// <param name="cancellation">Ends the look early, with what was counted so far and no error.</param>
    /// <exception cref="InvalidDataException">No row has a label, one class only occurs, or a label lies beyond the key's count.</exception>
    public static LabelSurvey Take(IDataView view, DataViewSchema.Column? label, int classes, HeldOutRows? heldOut, string role, bool needsTwoClasses, CancellationToken cancellation)
    {
        long training = 0, held = 0, missing = 0, previous = -1;
        var several = false;
        var digest = new RowDigest();
        using (var cursor = view.GetRowCursor(label is { } column ? [column] : []))
        {
            var next = LabelColumn.Getter(cursor, label);
            var id = default(DataViewRowId);
            var idGetter = cursor.GetIdGetter();
            while (!cancellation.IsCancellationRequested && cursor.MoveNext())
            {
                var value = next();
                if (value < 0)
                {
                    missing++;
                    continue;
                }

                if (value >= classes)
                {
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Label column '{label?.Name}', row {cursor.Position}: label {value + 1} lies beyond the {classes} values of the key."));
                }

                idGetter(ref id);
                digest.Add(id, [value]);
                if (heldOut is not null && heldOut.Contains(id))
                {
                    held++;
                    continue;
                }

                training++;
                several |= previous >= 0 && previous != value;
                previous = value;
            }
        }

        if (cancellation.IsCancellationRequested)
        {
            return new LabelSurvey(training, held, missing, null);
        }

        if (training == 0)
        {
            throw new InvalidDataException(label is { } named
                ? string.Create(CultureInfo.InvariantCulture, $"There is no {role} row with a label in column '{named.Name}' ({missing} rows have none, {held} are held out for validation).")
                : string.Create(CultureInfo.InvariantCulture, $"There is no {role} row ({held} are held out for validation)."));
        }

        if (needsTwoClasses && !several)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"All {training} {role} rows have the same label, value {previous + 1} of key column '{label?.Name}'; a classifier needs rows of at least two classes."));
        }

        return new LabelSurvey(training, held, missing, digest.Describe(training, held));
    }
}
