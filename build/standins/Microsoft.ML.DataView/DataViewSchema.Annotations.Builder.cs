using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    public sealed partial class Annotations
    {
        /// <summary>Puts annotations together.</summary>
        public sealed class Builder
        {
            private readonly DataViewSchema.Builder _schema = new();
            private readonly List<Delegate> _getters = [];

            public Builder()
            {
            }

            /// <summary>Takes over those of <paramref name="annotations"/> whose names are selected.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                ArgumentNullException.ThrowIfNull(selector);
                if (annotations == null)
                {
                    return;
                }

                foreach (Column column in annotations.Schema.Where(column => selector(column.Name)))
                {
                    AddCore(column.Name, column.Type, annotations._getters[column.Index], column.Annotations);
                }
            }

            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations annotations = null) =>
                AddCore(name, type, getter, annotations);

            public void Add(string name, DataViewType type, Delegate getter, Annotations annotations = null) =>
                AddCore(name, type, getter, annotations);

            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations annotations = null)
            {
                ValueGetter<TValue> getter = (ref TValue destination) => destination = value;
                AddCore(name, type, getter, annotations);
            }

            public Annotations ToAnnotations() => new(_schema.ToSchema(), _getters.ToArray());

            private void AddCore(string name, DataViewType type, Delegate getter, Annotations annotations)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                ArgumentNullException.ThrowIfNull(type);
                ArgumentNullException.ThrowIfNull(getter);
                Type expected = typeof(ValueGetter<>).MakeGenericType(type.RawType);
                if (getter.GetType() != expected)
                {
                    throw new ArgumentException($"The getter of annotation '{name}' is a {getter.GetType()}; type {type} needs a {expected}.", nameof(getter));
                }

                _schema.AddColumn(name, type, annotations);
                _getters.Add(getter);
            }
        }
    }
}
