using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Spatial.Components;

/// <summary>The key values of a label column, of whatever type they are, in a form that a model file can hold.</summary>
/// <param name="ItemType">Name of the values' type as <see cref="DataViewType"/> prints it.</param>
/// <param name="Texts">The values, in invariant culture, as they parse back.</param>
internal sealed record LabelValues(string ItemType, string[] Texts)
{
    private static readonly Kind[] Kinds =
    [
        new TextKind(),
        new BooleanKind(),
        new NumberKind<sbyte>(NumberDataViewType.SByte),
        new NumberKind<byte>(NumberDataViewType.Byte),
        new NumberKind<short>(NumberDataViewType.Int16),
        new NumberKind<ushort>(NumberDataViewType.UInt16),
        new NumberKind<int>(NumberDataViewType.Int32),
        new NumberKind<uint>(NumberDataViewType.UInt32),
        new NumberKind<long>(NumberDataViewType.Int64),
        new NumberKind<ulong>(NumberDataViewType.UInt64),
        new NumberKind<float>(NumberDataViewType.Single),
        new NumberKind<double>(NumberDataViewType.Double),
    ];

    /// <summary>Whether the values are text, which alone can name slots.</summary>
    public bool IsText => ItemType == TextDataViewType.Instance.ToString();

    /// <summary>The key values of a column; null where it has none (or of a type that is neither text, number nor boolean).</summary>
    public static LabelValues? Of(DataViewSchema.Column label)
    {
        var type = label.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type as VectorDataViewType;
        return Kinds.FirstOrDefault(kind => kind.Type.Equals(type?.ItemType)) is { } found ? new LabelValues(found.Type.ToString()!, found.Read(label)) : null;
    }

    /// <summary>Placeholders for the key values of a column of which only the shape is known; null where it has none.</summary>
    public static LabelValues? Of(SchemaShape.Column label)
    {
        foreach (var annotation in label.Annotations)
        {
            if (annotation.Name == AnnotationNames.KeyValues && Kinds.FirstOrDefault(kind => kind.Type.Equals(annotation.ItemType)) is { } found)
            {
                return new LabelValues(found.Type.ToString()!, [found.Example, found.Example]);
            }
        }

        return null;
    }

    /// <summary>Adds the values as an annotation: a vector of their type.</summary>
    public void AddTo(DataViewSchema.Annotations.Builder annotations, string name) =>
        (Kinds.FirstOrDefault(kind => kind.Type.ToString() == ItemType) ?? throw new FormatException($"Label values of type '{ItemType}' are not known.")).Write(annotations, name, Texts);

    private abstract class Kind(PrimitiveDataViewType type)
    {
        public PrimitiveDataViewType Type => type;

        public abstract string Example { get; }

        public abstract string[] Read(DataViewSchema.Column label);

        public abstract void Write(DataViewSchema.Annotations.Builder annotations, string name, string[] texts);
    }

    private abstract class Kind<T>(PrimitiveDataViewType type) : Kind(type)
    {
        public override string[] Read(DataViewSchema.Column label)
        {
            var values = default(VBuffer<T>);
            label.GetKeyValues(ref values);
            return values.DenseValues().Select(ToText).ToArray();
        }

        public override void Write(DataViewSchema.Annotations.Builder annotations, string name, string[] texts)
        {
            var values = Array.ConvertAll(texts, Parse);
            annotations.Add(name, new VectorDataViewType(Type, values.Length), (ref VBuffer<T> target) =>
            {
                var editor = VBufferEditor.Create(ref target, values.Length);
                values.CopyTo(editor.Values);
                target = editor.Commit();
            });
        }

        protected abstract string ToText(T value);

        protected abstract T Parse(string text);
    }

    private sealed class TextKind() : Kind<ReadOnlyMemory<char>>(TextDataViewType.Instance)
    {
        public override string Example => "";

        protected override string ToText(ReadOnlyMemory<char> value) => value.ToString();

        protected override ReadOnlyMemory<char> Parse(string text) => text.AsMemory();
    }

    private sealed class BooleanKind() : Kind<bool>(BooleanDataViewType.Instance)
    {
        public override string Example => bool.FalseString;

        protected override string ToText(bool value) => value ? bool.TrueString : bool.FalseString;

        protected override bool Parse(string text) => bool.Parse(text);
    }

    private sealed class NumberKind<T>(NumberDataViewType type) : Kind<T>(type)
        where T : IParsable<T>, IFormattable
    {
        public override string Example => "0";

        protected override string ToText(T value) => value.ToString(null, CultureInfo.InvariantCulture);

        protected override T Parse(string text) => T.Parse(text, CultureInfo.InvariantCulture);
    }
}
