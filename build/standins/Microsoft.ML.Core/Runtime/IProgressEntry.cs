namespace Microsoft.ML.Runtime;

/// <summary>Takes the values of one report.</summary>
public interface IProgressEntry
{
    void SetProgress(int index, double value);

    void SetProgress(int index, double value, double lim);
}
