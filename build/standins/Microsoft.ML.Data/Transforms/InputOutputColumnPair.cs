namespace Microsoft.ML;

/// <summary>An output column and the input column it is made of.</summary>
public sealed class InputOutputColumnPair
{
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    public string OutputColumnName { get; }

    public string InputColumnName { get; }

    internal static (string OutputColumnName, string InputColumnName)[] ToTuples(InputOutputColumnPair[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Select(column => (column.OutputColumnName, column.InputColumnName)).ToArray();
    }
}
