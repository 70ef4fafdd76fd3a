using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Data;

/// <summary>
/// A data view whose pictures are drawn when they are asked for. Columns: <c>Label</c> (a key with the names of the classes as key
/// values), <c>Image</c> (a square <see cref="MLImage"/>) and <c>Index</c> (the picture's place in its file).
/// </summary>
/// <remarks>
/// Where the pictures are fresh, every cursor that reads <c>Image</c> begins the next epoch, in which each picture is drawn with
/// other random numbers: row j of epoch e has the sample counter e * n + j. A cursor over the other columns begins none, so looking at
/// labels or counting rows changes nothing. Otherwise the view shows the same pictures every time. Any number of cursors may be open at once.
/// </remarks>
internal abstract class DrawnPicturesView : IDataView
{
    /// <summary>The name of the label column.</summary>
    public const string LabelColumnName = "Label";

    /// <summary>The name of the image column.</summary>
    public const string ImageColumnName = "Image";

    /// <summary>The name of the column with the picture's place in its file.</summary>
    public const string IndexColumnName = "Index";

    /// <summary>How many pictures a validation view holds: the last of the training file.</summary>
    public const int ValidationCount = 2000;

    /// <summary>The stream of random numbers for pictures of the training file, to which a distortion's number is added.</summary>
    protected const int TrainStream = 100;

    /// <summary>The same for pictures of the test file.</summary>
    protected const int TestStream = 200;

    private readonly long _firstCounter;
    private readonly bool _fresh;
    private long _epochsBegun;

    /// <summary>Makes a view.</summary>
    /// <param name="classNames">The names of the classes, in the order of their labels.</param>
    /// <param name="side">The side of the drawn pictures in pixels.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="firstCounter">The sample counter of row 0 in the first epoch.</param>
    /// <param name="fresh">Whether each epoch draws other pictures.</param>
    protected DrawnPicturesView(IReadOnlyList<string> classNames, int side, int count, long firstCounter, bool fresh)
    {
        Side = side;
        Count = count;
        _firstCounter = firstCounter;
        _fresh = fresh;

        var schema = new DataViewSchema.Builder();
        schema.AddColumn(LabelColumnName, new KeyDataViewType(typeof(uint), classNames.Count), KeyNames.Of(classNames));
        schema.AddColumn(ImageColumnName, new ImageDataViewType(side, side));
        schema.AddColumn(IndexColumnName, NumberDataViewType.Int64);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => true;

    /// <summary>How many epochs have begun.</summary>
    public long EpochsBegun => Interlocked.Read(ref _epochsBegun);

    /// <inheritdoc/>
    public long? GetRowCount() => Count;

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
            order = [.. Enumerable.Range(0, Count)];
            rand.Shuffle(order);
        }

        var cursors = new DataViewRowCursor[Math.Max(1, n)];
        for (int k = 0; k < cursors.Length; k++)
            cursors[k] = new DrawnPicturesCursor(this, active, order, _firstCounter + epoch * Count, k, cursors.Length);
        return cursors;
    }

    /// <summary>The number of rows.</summary>
    internal int Count { get; }

    /// <summary>The side of the drawn pictures.</summary>
    internal int Side { get; }

    /// <summary>The place in its file of a row's picture.</summary>
    internal abstract int PictureIndex(int row);

    /// <summary>The class of a row's picture, from 0.</summary>
    internal abstract int Class(int row);

    /// <summary>Draws a row's picture.</summary>
    /// <param name="row">The row.</param>
    /// <param name="counter">The sample counter, which decides the random numbers.</param>
    /// <param name="pixels">Receives four bytes a pixel, row-major: blue, green, red, alpha.</param>
    internal abstract void Draw(int row, long counter, Span<byte> pixels);

    /// <summary>Makes opaque pixels of grey ones.</summary>
    /// <param name="grey">One byte a pixel.</param>
    /// <param name="pixels">Receives four bytes a pixel: blue, green, red, alpha.</param>
    internal static void FillGrey(ReadOnlySpan<byte> grey, Span<byte> pixels)
    {
        for (int k = 0; k < grey.Length; k++)
        {
            pixels.Slice(4 * k, 3).Fill(grey[k]);
            pixels[4 * k + 3] = 255;
        }
    }
}
