using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Makes data views of objects and objects of data views, and splits, orders and keeps rows.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    // Splits without any seed are the same every time.
    private const int DefaultSplitSeed = 42;

    private readonly IHostEnvironment _environment;

    internal DataOperationsCatalog(IHostEnvironment environment) => _environment = environment;

    IHostEnvironment IInternalCatalog.Environment => _environment;

    /// <summary>Rows of a list can be shuffled; others are read as they come.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new TypedDataView<TRow>(data, schemaDefinition);
    }

    /// <summary>The annotations of <paramref name="schema"/> are those of the data view.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(schema);
        return new TypedDataView<TRow>(data, DataViewConstructionUtils.GetSchemaDefinition<TRow>(_environment, schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        return Enumerate(data, new RowFiller<TRow>(data.Schema, schemaDefinition, ignoreMissingColumns), reuseRowObject);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new FirstRowsView(input, count);
    }

    /// <summary>Rows with the same value in the sampling key column go to the same set.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "Must be between 0 and 1 exclusive");
        }

        return Split(data, KeyOf(data, samplingKeyColumnName, seed), 0, testFraction);
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);

        SamplingKey key = KeyOf(data, samplingKeyColumnName, seed);
        return Enumerable.Range(0, numberOfFolds)
            .Select(fold => Split(data, key, (double)fold / numberOfFolds, (fold + 1.0) / numberOfFolds))
            .ToArray();
    }

    private SamplingKey KeyOf(IDataView data, string columnName, int? seed) =>
        new(data.Schema, columnName, seed ?? (_environment as IHostEnvironmentInternal)?.Seed ?? DefaultSplitSeed);

    private static TrainTestData Split(IDataView data, SamplingKey key, double from, double to) =>
        new(new SplitView(data, key, from, to, outside: true), new SplitView(data, key, from, to, outside: false));

    private static IEnumerable<TRow> Enumerate<TRow>(IDataView data, RowFiller<TRow> filler, bool reuseRowObject)
        where TRow : class, new()
    {
        using DataViewRowCursor cursor = data.GetRowCursor(filler.Columns);
        Action<TRow> fill = filler.Bind(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            row = reuseRowObject && row != null ? row : new TRow();
            fill(row);
            yield return row;
        }
    }
}
