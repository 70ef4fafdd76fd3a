namespace Microsoft.ML;

/// <summary>The errors of reading models, marked: they come out of a loader as an error of its own, others as the loader threw them.</summary>
internal static class ModelError
{
    private const string MarkKey = "ML_IsMarked";

    public static FormatException Decode(string message, Exception inner = null) => Mark(new FormatException(message, inner));

    public static TException Mark<TException>(TException exception)
        where TException : Exception
    {
        exception.Data[MarkKey] = true;
        return exception;
    }

    public static bool IsMarked(Exception exception) => exception.Data.Contains(MarkKey);
}
