using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A schema in binary form, annotations with their values included.</summary>
internal static class SchemaCodec
{
    /// <summary>Columns whose type cannot be stored (images) are left out, and the log says so.</summary>
    public static void Write(BinaryWriter writer, DataViewSchema schema, IChannel channel)
    {
        DataViewSchema.Column[] columns = schema.Where(column => ValueCodec.CanSave(column.Type)).ToArray();
        foreach (DataViewSchema.Column column in schema.Where(column => !ValueCodec.CanSave(column.Type)))
        {
            channel.Info(MessageSensitivity.Schema, "The column '{0}' will not be written as it has unsavable column type.", column.Name);
        }

        writer.Write(columns.Length);
        foreach (DataViewSchema.Column column in columns)
        {
            writer.Write(column.Name);
            ValueCodec.WriteType(writer, column.Type);
            DataViewSchema.Column[] annotations = column.Annotations.Schema.Where(annotation => ValueCodec.CanSave(annotation.Type)).ToArray();
            writer.Write(annotations.Length);
            foreach (DataViewSchema.Column annotation in annotations)
            {
                writer.Write(annotation.Name);
                ValueCodec.WriteType(writer, annotation.Type);
                string method = annotation.Type is VectorDataViewType ? nameof(WriteVector) : nameof(WriteScalar);
                GenericCall.Static(typeof(SchemaCodec), method, ItemType(annotation.Type), writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        int columns = reader.ReadInt32();
        for (int i = 0; i < columns; i++)
        {
            string name = reader.ReadString();
            DataViewType type = ValueCodec.ReadType(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            int count = reader.ReadInt32();
            for (int j = 0; j < count; j++)
            {
                string annotation = reader.ReadString();
                DataViewType annotationType = ValueCodec.ReadType(reader);
                string method = annotationType is VectorDataViewType ? nameof(ReadVector) : nameof(ReadScalar);
                annotations.Add(annotation, annotationType, (Delegate)GenericCall.Static(typeof(SchemaCodec), method, ItemType(annotationType), reader));
            }

            builder.AddColumn(name, type, annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }

    private static Type ItemType(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType;

    private static void WriteScalar<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        ValueCodec.WriteValue(writer, value);
    }

    private static void WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        VBuffer<T> value = default;
        annotations.GetGetter<VBuffer<T>>(annotation)(ref value);
        ValueCodec.WriteValues(writer, value.DenseValues().ToArray());
    }

    private static Delegate ReadScalar<T>(BinaryReader reader)
    {
        T value = ValueCodec.ReadValue<T>(reader);
        return (ValueGetter<T>)((ref T destination) => destination = value);
    }

    private static Delegate ReadVector<T>(BinaryReader reader)
    {
        T[] values = ValueCodec.ReadValues<T>(reader);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => VBuffer<T>.Copy(values, 0, ref destination, values.Length));
    }
}
