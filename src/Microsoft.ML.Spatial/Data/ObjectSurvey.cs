using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Data;

/// <summary>What a first look at all rows tells, before any is learnt from: how many there are, and that their images and objects can be used.</summary>
/// <param name="TrainingRows">Rows that are not held out and can be used.</param>
/// <param name="HeldOutRows">Rows that are held out for validation and can be used.</param>
/// <param name="Objects">Objects of the training rows.</param>
/// <param name="UnusableImages">Rows left out because their image cannot be used.</param>
/// <param name="Rows">Which rows these are, as text: numbers and digest; null where the look was ended early.</param>
internal sealed record ObjectSurvey(long TrainingRows, long HeldOutRows, long Objects, long UnusableImages, string? Rows)
{
    /// <summary>Reads every row once.</summary>
    /// <remarks>Images are decoded for it, as nothing else tells whether they can be and how large they are: it costs somewhat less than reading the rows of one epoch.</remarks>
    /// <param name="scenes">The rows.</param>
    /// <param name="columns">The columns of objects.</param>
    /// <param name="intake">Takes the boxes in.</param>
    /// <param name="role">What the rows are for, as an error says it: training or validation.</param>
    /// <param name="cancellation">Ends the look early, with what was counted so far and no error.</param>
    /// <exception cref="InvalidDataException">
    /// No row has an object, or none that is held out, a row has objects that no image can have, or its image cannot be used; the error names column, row and value.
    /// </exception>
    public static ObjectSurvey Take(LabelledImages<ImageObjects> scenes, ObjectColumns columns, BoxIntake intake, string role, CancellationToken cancellation)
    {
        long training = 0, held = 0, objects = 0, heldObjects = 0, unusable = 0;
        var digest = new RowDigest();
        using var cursor = scenes.OpenCursor(null);
        using var images = ImageReader.Create(cursor, scenes.Image, scenes.Shape, scenes.Resizing);
        var reader = new ObjectReader(cursor, columns);
        var id = default(DataViewRowId);
        var idGetter = cursor.GetIdGetter();
        while (!cancellation.IsCancellationRequested && scenes.MoveNext(cursor))
        {
            var all = reader.Read();
            idGetter(ref id);
            ImageSize size;
            try
            {
                size = images.Measure();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (scenes.InvalidImages == InvalidImages.Fail)
                {
                    throw RowError.OfTraining(scenes.Image.Name, cursor.Position, id, error);
                }

                unusable++;
                continue;
            }

            var found = intake.Take(all, size, reader.Name);
            digest.Add(id, found.Classes);
            digest.Add(id, found.Boxes);
            if (scenes.HeldOut is { } heldOut && heldOut.Contains(id))
            {
                held++;
                heldObjects += found.Count;
                continue;
            }

            training++;
            objects += found.Count;
        }

        if (cancellation.IsCancellationRequested)
        {
            return new ObjectSurvey(training, held, objects, unusable, null);
        }

        if (objects == 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"There is no object in column '{columns.Label.Name}' of the {training} {role} rows ({held} are held out for validation, "
                + $"the images of {unusable} cannot be used, {intake.LeftOut} objects are left out for their boxes)."));
        }

        // No average precision can be told of them.
        if (held > 0 && heldObjects == 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"There is no object in column '{columns.Label.Name}' of the {held} {role} rows that are held out for validation: raise option {nameof(ImageTrainingOptions.ValidationFraction)}, or give a {nameof(ImageTrainingOptions.ValidationSet)}."));
        }

        return new ObjectSurvey(training, held, objects, unusable, digest.Describe(training, held));
    }
}
