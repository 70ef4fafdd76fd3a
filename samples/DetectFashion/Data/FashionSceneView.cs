using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Data;

/// <summary>
/// A data view of scenes (<see cref="SceneGenerator"/>). Columns: <c>Label</c> (a vector of keys with the names of the classes as key values, one an item), <c>BoundingBoxes</c> (a float
/// vector: x0, y0, x1, y1 of each item), <c>Image</c> (an <see cref="MLImage"/> of 96 x 96) and <c>Index</c> (the scene's counter).
/// </summary>
/// <remarks>The scenes are drawn on all cores when the first row is asked for, and kept: 9 KiB each. Any number of cursors may be open at once.</remarks>
internal sealed class FashionSceneView : IDataView
{
    /// <summary>The names of the columns.</summary>
    public const string LabelColumnName = "Label", BoxColumnName = "BoundingBoxes", ImageColumnName = "Image", IndexColumnName = "Index";

    private const int TrainStream = 300;
    private const int TestStream = 400;

    private readonly Lazy<FashionScene[]> _scenes;

    private FashionSceneView(SceneGenerator generator, int count)
    {
        Count = count;
        _scenes = new(() =>
        {
            var scenes = new FashionScene[count];
            Parallel.For(0, count, index => scenes[index] = generator.Draw(index));
            return scenes;
        });

        var schema = new DataViewSchema.Builder();
        schema.AddColumn(LabelColumnName, new VectorDataViewType(new KeyDataViewType(typeof(uint), FashionMnistDataSet.ClassNames.Count)), KeyNames.Of(FashionMnistDataSet.ClassNames));
        schema.AddColumn(BoxColumnName, new VectorDataViewType(NumberDataViewType.Single));
        schema.AddColumn(ImageColumnName, new ImageDataViewType(FashionScene.Side, FashionScene.Side));
        schema.AddColumn(IndexColumnName, NumberDataViewType.Int64);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => true;

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The scenes, in the order of their counters.</summary>
    public IReadOnlyList<FashionScene> Scenes => _scenes.Value;

    /// <summary>Scenes of items of the training file.</summary>
    public static FashionSceneView Training(FashionMnistDataSet data, int count, long seed) => new(new SceneGenerator(data.Train, seed, TrainStream), count);

    /// <summary>Scenes of items of the test file.</summary>
    public static FashionSceneView Test(FashionMnistDataSet data, int count, long seed) => new(new SceneGenerator(data.Test, seed, TestStream), count);

    /// <inheritdoc/>
    public long? GetRowCount() => Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
            active[column.Index] = true;
        int[] order = [.. Enumerable.Range(0, Count)];
        rand?.Shuffle(order);
        return new FashionSceneCursor(this, active, order);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
