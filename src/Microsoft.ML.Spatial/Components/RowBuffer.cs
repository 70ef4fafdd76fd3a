using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Components;

/// <summary>Keeps the values of one passed-on column for the rows of a batch, each row's failure with it.</summary>
internal abstract class RowBuffer : IDisposable
{
    /// <summary>Makes the buffer of an active column.</summary>
    public static RowBuffer Create(DataViewRowCursor input, DataViewSchema.Column column, int rows)
    {
        if (column.Type is ImageDataViewType)
        {
            return new OfImages(input, column, rows);
        }

        var type = column.Type is VectorDataViewType vector
            ? typeof(OfVectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(OfValues<>).MakeGenericType(column.Type.RawType);
        return (RowBuffer)Activator.CreateInstance(type, input, column, rows)!;
    }

    /// <summary>Reads the value of the row the cursor stands at; a failure is kept for whoever asks for this row.</summary>
    public abstract void Read(int row);

    /// <summary>A getter of the buffered value of the row that <paramref name="row"/> tells.</summary>
    public abstract ValueGetter<T> Getter<T>(Func<int> row);

    public virtual void Dispose()
    {
    }

    private abstract class Of<TColumn>(DataViewSchema.Column column, int rows) : RowBuffer
    {
        private readonly ExceptionDispatchInfo?[] _errors = new ExceptionDispatchInfo?[rows];

        protected TColumn[] Values { get; } = new TColumn[rows];

        public override void Read(int row)
        {
            _errors[row] = null;
            try
            {
                ReadValue(row);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                _errors[row] = ExceptionDispatchInfo.Capture(error);
            }
        }

        public override ValueGetter<T> Getter<T>(Func<int> row)
        {
            ValueGetter<TColumn> getter = (ref TColumn target) =>
            {
                var index = row();
                _errors[index]?.Throw();
                CopyValue(Values[index], ref target);
            };
            return getter as Delegate as ValueGetter<T> ?? throw new InvalidOperationException($"Column '{column.Name}' holds {typeof(TColumn)}, not {typeof(T)}.");
        }

        protected abstract void ReadValue(int row);

        protected abstract void CopyValue(in TColumn source, ref TColumn target);
    }

    private sealed class OfValues<TColumn>(DataViewRowCursor input, DataViewSchema.Column column, int rows) : Of<TColumn>(column, rows)
    {
        private readonly ValueGetter<TColumn> _getter = input.GetGetter<TColumn>(column);

        protected override void ReadValue(int row) => _getter(ref Values[row]);

        protected override void CopyValue(in TColumn source, ref TColumn target) => target = source;
    }

    private sealed class OfVectors<TItem>(DataViewRowCursor input, DataViewSchema.Column column, int rows) : Of<VBuffer<TItem>>(column, rows)
    {
        private readonly ValueGetter<VBuffer<TItem>> _getter = input.GetGetter<VBuffer<TItem>>(column);

        protected override void ReadValue(int row) => _getter(ref Values[row]);

        protected override void CopyValue(in VBuffer<TItem> source, ref VBuffer<TItem> target) => source.CopyTo(ref target);
    }

    /// <summary>Keeps a copy of each image: who takes one owns it, as with ML.NET's own image columns, and one that the taker held before is disposed.</summary>
    private sealed class OfImages(DataViewRowCursor input, DataViewSchema.Column column, int rows) : Of<MLImage?>(column, rows)
    {
        private readonly ImageSource _source = new(input.GetGetter<MLImage>(column));

        public override void Dispose()
        {
            _source.Dispose();
            foreach (var image in Values)
            {
                image?.Dispose();
            }

            base.Dispose();
        }

        protected override void ReadValue(int row) => CopyValue(_source.Take(), ref Values[row]);

        protected override void CopyValue(in MLImage? source, ref MLImage? target)
        {
            var copy = source is null ? null : MLImage.CreateFromPixels(source.Width, source.Height, source.PixelFormat, source.Pixels);
            target?.Dispose();
            target = copy;
        }
    }
}
