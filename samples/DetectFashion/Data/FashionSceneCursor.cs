using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DetectFashion.Generation;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Data;

/// <summary>One pass over a <see cref="FashionSceneView"/>.</summary>
/// <param name="view">The view.</param>
/// <param name="active">Which columns it delivers.</param>
/// <param name="order">The order of the rows.</param>
internal sealed class FashionSceneCursor(FashionSceneView view, bool[] active, int[] order) : DataViewRowCursor
{
    private readonly byte[] _pixels = new byte[4 * FashionScene.Side * FashionScene.Side];
    private long _position = -1;
    private bool _ended;

    /// <inheritdoc/>
    public override DataViewSchema Schema => view.Schema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => 0;

    private int Row => _position < 0
        ? throw new InvalidOperationException("The cursor stands on no row: call MoveNext, and read while it returns true.")
        : order[_position];

    private FashionScene Scene => view.Scenes[Row];

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        _ended |= _position + 1 >= order.Length;
        _position = _ended ? -1 : _position + 1;
        return !_ended;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"The column '{column.Name}' is not active: name it when the cursor is made.");
        Delegate getter = column.Name switch
        {
            FashionSceneView.LabelColumnName => (ValueGetter<VBuffer<uint>>)GetLabels,
            FashionSceneView.BoxColumnName => (ValueGetter<VBuffer<float>>)GetBoxes,
            FashionSceneView.ImageColumnName => (ValueGetter<MLImage>)GetImage,
            _ => (ValueGetter<long>)GetIndex,
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is of type {column.Type.RawType.Name}, not {typeof(TValue).Name}.");
    }

    private void GetIndex(ref long value) => value = Row;

    private void GetLabels(ref VBuffer<uint> value)
    {
        var objects = Scene.Objects;
        var editor = VBufferEditor.Create(ref value, objects.Count);
        for (int k = 0; k < objects.Count; k++)
            editor.Values[k] = (uint)objects[k].Label + 1;
        value = editor.Commit();
    }

    private void GetBoxes(ref VBuffer<float> value)
    {
        var objects = Scene.Objects;
        var editor = VBufferEditor.Create(ref value, 4 * objects.Count);
        for (int k = 0; k < objects.Count; k++)
        {
            var box = objects[k].Box;
            (editor.Values[4 * k], editor.Values[4 * k + 1], editor.Values[4 * k + 2], editor.Values[4 * k + 3]) = (box.Left, box.Top, box.Right, box.Bottom);
        }

        value = editor.Commit();
    }

    private void GetImage(ref MLImage value)
    {
        DrawnPicturesView.FillGrey(Scene.Pixels, _pixels);

        // Who passes the last row's picture in again gives it up.
        value?.Dispose();
        value = MLImage.CreateFromPixels(FashionScene.Side, FashionScene.Side, MLPixelFormat.Bgra32, _pixels);
    }
}
