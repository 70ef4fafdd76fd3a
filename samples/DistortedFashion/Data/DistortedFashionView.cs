using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Generation;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Data;

/// <summary>
/// Distorted Fashion-MNIST as a data view whose pictures are drawn when they are asked for. Columns: <c>Label</c> (a key of the
/// ten classes, with their names as key values), <c>Image</c> (a square <see cref="MLImage"/>) and <c>Index</c> (the picture's
/// place in its file).
/// </summary>
/// <remarks>
/// In the training view every cursor that reads <c>Image</c> begins the next epoch, in which each picture is distorted afresh: row
/// j of epoch e has the sample counter e * n + j. A cursor over the other columns begins none, so looking at labels or counting
/// rows changes nothing. The other views show the same pictures every time. Any number of cursors may be open at once.
/// </remarks>
internal sealed class DistortedFashionView : IDataView
{
    /// <summary>The name of the label column.</summary>
    public const string LabelColumnName = "Label";

    /// <summary>The name of the image column.</summary>
    public const string ImageColumnName = "Image";

    /// <summary>The name of the column with the picture's place in its file.</summary>
    public const string IndexColumnName = "Index";

    /// <summary>How many pictures the validation view holds.</summary>
    public const int ValidationCount = 2000;

    private const int TrainStream = 100;
    private const int TestStream = 200;

    private readonly FashionMnistSplit _pictures;
    private readonly FashionMnistSplit _clutter;
    private readonly Distortion _distortion;
    private readonly long _seed;
    private readonly int _stream;
    private readonly int _first;
    private readonly int _count;
    private readonly long _firstCounter;
    private readonly bool _fresh;
    private long _epochsBegun;

    private DistortedFashionView(
        FashionMnist data, FashionMnistSplit pictures, Distortion distortion, long seed, int stream, int first, int count, long firstCounter, bool fresh)
    {
        _pictures = pictures;
        _clutter = data.Train;
        _distortion = distortion;
        _seed = seed;
        _stream = stream + distortion.Id;
        _first = first;
        _count = count;
        _firstCounter = firstCounter;
        _fresh = fresh;

        var classes = FashionMnist.ClassNames.Select(n => n.AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, classes.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(classes.Length, [.. classes]));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(LabelColumnName, new KeyDataViewType(typeof(uint), classes.Length), annotations.ToAnnotations());
        schema.AddColumn(ImageColumnName, new ImageDataViewType(distortion.CanvasSide, distortion.CanvasSide));
        schema.AddColumn(IndexColumnName, NumberDataViewType.Int64);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => true;

    /// <summary>How many epochs have begun.</summary>
    public long EpochsBegun => Interlocked.Read(ref _epochsBegun);

    /// <summary>The first <paramref name="count"/> pictures of the training file, distorted afresh in every epoch.</summary>
    public static DistortedFashionView Training(FashionMnist data, Distortion distortion, int count, long seed) =>
        new(data, data.Train, distortion, seed, TrainStream, 0, Checked(count, data.Train), 0, fresh: true);

    /// <summary>
    /// The last 2,000 pictures of the training file under one fixed distortion each, which no training epoch uses: the
    /// sample counters go on where those of the last epoch end.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="distortion">The distortion.</param>
    /// <param name="trainingCount">The number of training pictures; see <see cref="HoldsOut"/>.</param>
    /// <param name="epochs">The number of training epochs.</param>
    /// <param name="seed">The data seed.</param>
    public static DistortedFashionView Validation(FashionMnist data, Distortion distortion, int trainingCount, int epochs, long seed) =>
        new(data, data.Train, distortion, seed, TrainStream, data.Train.Count - ValidationCount, ValidationCount, (long)epochs * trainingCount, fresh: false);

    /// <summary>The first <paramref name="count"/> pictures of the test file under their fixed distortions.</summary>
    public static DistortedFashionView Test(FashionMnist data, Distortion distortion, int count, long seed) =>
        new(data, data.Test, distortion, seed, TestStream, 0, Checked(count, data.Test), 0, fresh: false);

    /// <summary>Whether the validation pictures are none of the training pictures.</summary>
    public static bool HoldsOut(FashionMnist data, int trainingCount) => trainingCount <= data.Train.Count - ValidationCount;

    /// <inheritdoc/>
    public long? GetRowCount() => _count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        GetRowCursorSet(columnsNeeded, 1, rand)[0];

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
            active[column.Index] = true;

        // The cursors of a set share an epoch and an order: together they are one pass over the data.
        long epoch = _fresh && active[Schema[ImageColumnName].Index] ? Interlocked.Increment(ref _epochsBegun) - 1 : 0;
        int[]? order = null;
        if (rand is not null)
        {
            order = [.. Enumerable.Range(0, _count)];
            rand.Shuffle(order);
        }

        var cursors = new DataViewRowCursor[Math.Max(1, n)];
        for (int k = 0; k < cursors.Length; k++)
            cursors[k] = new DistortedFashionCursor(this, active, order, _firstCounter + epoch * _count, k, cursors.Length);
        return cursors;
    }

    /// <summary>The number of rows.</summary>
    internal int Count => _count;

    /// <summary>The place in its file of a row's picture.</summary>
    internal int PictureIndex(int row) => _first + row;

    /// <summary>The class of a row's picture, from 0.</summary>
    internal byte Class(int row) => _pictures.Label(_first + row);

    /// <summary>The side of the distorted pictures.</summary>
    internal int Side => _distortion.CanvasSide;

    /// <summary>Draws a row's distorted picture.</summary>
    /// <param name="row">The row.</param>
    /// <param name="counter">The sample counter, which decides the distortion.</param>
    /// <param name="canvas">Receives the grey pixels, row-major.</param>
    internal void Draw(int row, long counter, Span<byte> canvas) =>
        _distortion.Draw(_pictures.Image(_first + row), new CounterUniforms(_seed, _stream, counter), _clutter, canvas);

    private static int Checked(int count, FashionMnistSplit split) =>
        count > 0 && count <= split.Count
            ? count
            : throw new ArgumentOutOfRangeException(nameof(count), count, $"The file holds {split.Count} pictures: ask for 1 to {split.Count}.");
}
