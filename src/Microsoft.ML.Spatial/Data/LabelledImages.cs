using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Data;

/// <summary>The images of a view with what is known of them, read by one cursor a pass, in batches.</summary>
/// <typeparam name="T">What is known of an image: its class index from 0, or its objects.</typeparam>
internal sealed class LabelledImages<T>
{
    private const long ShuffleBufferBytes = 256L << 20;
    private readonly ConcurrentBag<float[]> _pool = [];

    /// <summary>Gets the label of the row as it stands; false where there is none.</summary>
    public delegate bool TryGetLabel(out T label);

    /// <summary>The rows.</summary>
    public required IDataView View { get; init; }

    /// <summary>The columns of <see cref="View"/> that labels are made of; there may be none.</summary>
    public required IReadOnlyList<DataViewSchema.Column> LabelColumns { get; init; }

    /// <summary>Makes a getter of a row's label over a cursor; the row is left out where it gives none.</summary>
    public required Func<DataViewRow, TryGetLabel> Labels { get; init; }

    /// <summary>The image column of <see cref="View"/>.</summary>
    public required DataViewSchema.Column Image { get; init; }

    /// <summary>What the network reads.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>What to do with images of another size.</summary>
    public required ImageResizing Resizing { get; init; }

    /// <summary>What to do with a row whose image cannot be used.</summary>
    public required InvalidImages InvalidImages { get; init; }

    /// <summary>Images in a batch; the last of a pass may hold fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Rows kept for shuffling where the view cannot shuffle itself.</summary>
    public required int ShuffleBufferSize { get; init; }

    /// <summary>Which rows belong to the validation; null is none.</summary>
    public required HeldOutRows? HeldOut { get; init; }

    /// <summary>Opens a pass over the rows that are not held out (or, with <paramref name="heldOut"/>, over those that are).</summary>
    /// <param name="random">Decides the order; null keeps the view's.</param>
    /// <param name="heldOut">Whether to read the rows held out.</param>
    public IEpochSource<ImageBatch<T>> Open(Random? random, bool heldOut = false) => new Pass(this, random, heldOut);

    /// <summary>Moves to the next row. ML.NET reads columns of numbers ahead of us on threads of its own, so that what fails there comes out here, without its row.</summary>
    public bool MoveNext(DataViewRowCursor cursor)
    {
        var rows = cursor.Position + 1;
        try
        {
            return cursor.MoveNext();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The rows behind image column '{Image.Name}' could not be read on after {rows} rows: {error.GetBaseException().Message.TrimEnd('.')}. Where images are to be checked or skipped row by row, give the trainer the MLImage column itself."), error);
        }
    }

    /// <summary>Opens the cursors that finished epochs were read by, and reads nothing: a transform upstream that is random counts its passes.</summary>
    /// <param name="training">What each epoch read.</param>
    /// <param name="validating">What each validated epoch read then.</param>
    /// <param name="epochs">The finished epochs.</param>
    public static void PassOver(LabelledImages<T> training, LabelledImages<T> validating, IEnumerable<TrainingEpoch> epochs)
    {
        foreach (var epoch in epochs)
        {
            training.OpenCursor(null).Dispose();
            if (epoch.ValidationLoss is not null)
            {
                validating.OpenCursor(null).Dispose();
            }
        }
    }

    /// <summary>Opens a cursor over all that is read of the rows.</summary>
    /// <param name="random">Decides the order where the view can shuffle itself; null keeps the view's.</param>
    public DataViewRowCursor OpenCursor(Random? random) => View.GetRowCursor([.. LabelColumns, Image], View.CanShuffle ? random : null);

    private sealed class Pass(LabelledImages<T> images, Random? random, bool heldOut) : IEpochSource<ImageBatch<T>>
    {
        private long _skipped;

        public long Skipped => Interlocked.Read(ref _skipped);

        public IEnumerable<ImageBatch<T>> Batches
        {
            get
            {
                var length = images.Shape.Length;
                var filling = NewBuffer();
                var (labels, sizes) = (new T[images.BatchSize], new ImageSize[images.BatchSize]);
                var count = 0;
                var rows = random is not null && !images.View.CanShuffle ? ShuffledRows() : Rows();
                foreach (var (pixels, label, size) in rows)
                {
                    pixels.Span.CopyTo(filling.AsSpan(count * length));
                    (labels[count], sizes[count]) = (label, size);
                    count++;
                    if (count == images.BatchSize)
                    {
                        yield return new ImageBatch<T>(filling, labels, sizes, images._pool);
                        (filling, labels, sizes, count) = (NewBuffer(), new T[images.BatchSize], new ImageSize[images.BatchSize], 0);
                    }
                }

                if (count > 0)
                {
                    yield return new ImageBatch<T>(filling[..(count * length)], labels[..count], sizes[..count], null);
                }

                images._pool.Add(filling);
            }
        }

        private float[] NewBuffer() => images._pool.TryTake(out var buffer) ? buffer : new float[images.BatchSize * images.Shape.Length];

        /// <summary>Rows in the cursor's order; the memory of a row is good until the next is asked for.</summary>
        private IEnumerable<(ReadOnlyMemory<float> Pixels, T Label, ImageSize Size)> Rows()
        {
            using var cursor = images.OpenCursor(random);
            using var reader = ImageReader.Create(cursor, images.Image, images.Shape, images.Resizing);
            var label = images.Labels(cursor);
            var idGetter = cursor.GetIdGetter();
            var id = default(DataViewRowId);
            var pixels = new float[images.Shape.Length];
            while (images.MoveNext(cursor))
            {
                var hasLabel = label(out var value);
                idGetter(ref id);
                if (!hasLabel || (images.HeldOut is { } held && held.Contains(id) != heldOut))
                {
                    continue;
                }

                if (TryRead(reader, pixels, cursor.Position, id) is { } size)
                {
                    yield return (pixels, value, size);
                }
            }
        }

        private ImageSize? TryRead(ImageReader reader, float[] pixels, long position, DataViewRowId id)
        {
            try
            {
                return reader.Read(pixels);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (images.InvalidImages == InvalidImages.Skip)
                {
                    Interlocked.Increment(ref _skipped);
                    return null;
                }

                throw RowError.OfTraining(images.Image.Name, position, id, error);
            }
        }

        /// <summary>Rows through a buffer: each row that comes in takes the place of one chosen at random, which goes out.</summary>
        private IEnumerable<(ReadOnlyMemory<float> Pixels, T Label, ImageSize Size)> ShuffledRows()
        {
            var length = images.Shape.Length;
            var capacity = (int)Math.Clamp(ShuffleBufferBytes / (sizeof(float) * (long)length), 2, images.ShuffleBufferSize);
            var held = new List<(float[] Pixels, T Label, ImageSize Size)>(capacity);
            var going = new float[length];
            foreach (var (pixels, label, size) in Rows())
            {
                if (held.Count < capacity)
                {
                    held.Add((pixels.ToArray(), label, size));
                    continue;
                }

                var slot = random!.Next(capacity);
                var (there, goingLabel, goingSize) = held[slot];
                there.CopyTo(going, 0);
                pixels.Span.CopyTo(there);
                held[slot] = (there, label, size);
                yield return (going, goingLabel, goingSize);
            }

            random!.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(held));
            foreach (var (pixels, label, size) in held)
            {
                yield return (pixels, label, size);
            }
        }
    }
}
