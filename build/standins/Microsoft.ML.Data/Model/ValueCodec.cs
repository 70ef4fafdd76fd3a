namespace Microsoft.ML.Data;

/// <summary>Types and values of columns in binary form.</summary>
internal static class ValueCodec
{
    private enum Form : byte
    {
        Primitive = 0,
        Key = 1,
        Vector = 2,
    }

    /// <summary>A type's place in this list is its code in files: only append.</summary>
    private static readonly PrimitiveDataViewType[] s_types =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
        DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    ];

    private static readonly Dictionary<Type, (Delegate Write, Delegate Read)> s_codecs = new()
    {
        [typeof(sbyte)] = Codec<sbyte>((writer, value) => writer.Write(value), reader => reader.ReadSByte()),
        [typeof(byte)] = Codec<byte>((writer, value) => writer.Write(value), reader => reader.ReadByte()),
        [typeof(short)] = Codec<short>((writer, value) => writer.Write(value), reader => reader.ReadInt16()),
        [typeof(ushort)] = Codec<ushort>((writer, value) => writer.Write(value), reader => reader.ReadUInt16()),
        [typeof(int)] = Codec<int>((writer, value) => writer.Write(value), reader => reader.ReadInt32()),
        [typeof(uint)] = Codec<uint>((writer, value) => writer.Write(value), reader => reader.ReadUInt32()),
        [typeof(long)] = Codec<long>((writer, value) => writer.Write(value), reader => reader.ReadInt64()),
        [typeof(ulong)] = Codec<ulong>((writer, value) => writer.Write(value), reader => reader.ReadUInt64()),
        [typeof(float)] = Codec<float>((writer, value) => writer.Write(value), reader => reader.ReadSingle()),
        [typeof(double)] = Codec<double>((writer, value) => writer.Write(value), reader => reader.ReadDouble()),
        [typeof(bool)] = Codec<bool>((writer, value) => writer.Write(value), reader => reader.ReadBoolean()),
        [typeof(ReadOnlyMemory<char>)] =
            Codec<ReadOnlyMemory<char>>((writer, value) => writer.Write(value.ToString()), reader => reader.ReadString().AsMemory()),
        [typeof(TimeSpan)] = Codec<TimeSpan>((writer, value) => writer.Write(value.Ticks), reader => new TimeSpan(reader.ReadInt64())),
        [typeof(DateTime)] = Codec<DateTime>((writer, value) => writer.Write(value.ToBinary()), reader => DateTime.FromBinary(reader.ReadInt64())),
        [typeof(DateTimeOffset)] =
            Codec<DateTimeOffset>(WriteDateTimeOffset, reader => new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()))),
        [typeof(DataViewRowId)] = Codec<DataViewRowId>(WriteRowId, reader => new DataViewRowId(reader.ReadUInt64(), reader.ReadUInt64())),
    };

    /// <summary>Whether values of the type can be stored; images and other types of one's own cannot.</summary>
    public static bool CanSave(DataViewType type) => type switch
    {
        VectorDataViewType vector => CanSave(vector.ItemType),
        KeyDataViewType => true,
        _ => s_types.Contains(type),
    };

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write((byte)Form.Vector);
                WriteType(writer, vector.ItemType);
                writer.Write(vector.Dimensions.Length);
                foreach (int dimension in vector.Dimensions)
                {
                    writer.Write(dimension);
                }

                break;
            case KeyDataViewType key:
                writer.Write((byte)Form.Key);
                writer.Write(CodeOf(key.RawType));
                writer.Write(key.Count);
                break;
            default:
                writer.Write((byte)Form.Primitive);
                writer.Write(CodeOf(type.RawType));
                break;
        }
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        switch ((Form)reader.ReadByte())
        {
            case Form.Primitive:
                return TypeOf(reader.ReadByte());
            case Form.Key:
                return new KeyDataViewType(TypeOf(reader.ReadByte()).RawType, reader.ReadUInt64());
            case Form.Vector:
                if (ReadType(reader) is not PrimitiveDataViewType item)
                {
                    throw ModelError.Decode("The model is damaged: it has a vector of vectors.");
                }

                int rank = reader.ReadInt32();
                if (rank is < 1 or > 16)
                {
                    throw ModelError.Decode($"The model is damaged: it has a vector of {rank} dimensions.");
                }

                return new VectorDataViewType(item, Enumerable.Range(0, rank).Select(_ => reader.ReadInt32()).ToArray());
            default:
                throw ModelError.Decode("The model is damaged: it has a column of unknown type.");
        }
    }

    public static void WriteValue<T>(BinaryWriter writer, T value) => ((Action<BinaryWriter, T>)s_codecs[typeof(T)].Write)(writer, value);

    public static T ReadValue<T>(BinaryReader reader) => ((Func<BinaryReader, T>)s_codecs[typeof(T)].Read)(reader);

    public static void WriteValues<T>(BinaryWriter writer, IReadOnlyCollection<T> values)
    {
        writer.Write(values.Count);
        foreach (T value in values)
        {
            WriteValue(writer, value);
        }
    }

    public static T[] ReadValues<T>(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count < 0 || count > reader.BaseStream.Length)
        {
            throw ModelError.Decode($"The model is damaged: it says it has {count} values.");
        }

        var values = new T[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ReadValue<T>(reader);
        }

        return values;
    }

    private static (Delegate Write, Delegate Read) Codec<T>(Action<BinaryWriter, T> write, Func<BinaryReader, T> read) => (write, read);

    private static void WriteDateTimeOffset(BinaryWriter writer, DateTimeOffset value)
    {
        writer.Write(value.Ticks);
        writer.Write(value.Offset.Ticks);
    }

    private static void WriteRowId(BinaryWriter writer, DataViewRowId value)
    {
        writer.Write(value.Low);
        writer.Write(value.High);
    }

    private static byte CodeOf(Type rawType) => (byte)Array.FindIndex(s_types, type => type.RawType == rawType);

    private static PrimitiveDataViewType TypeOf(byte code) =>
        code < s_types.Length ? s_types[code] : throw ModelError.Decode("The model is damaged: it has a column of unknown type.");
}
