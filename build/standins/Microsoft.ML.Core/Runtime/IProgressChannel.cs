namespace Microsoft.ML.Runtime;

/// <summary>Tells how far a computation has come.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    /// <summary>Names what is reported, and how to ask for it at any time.</summary>
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    /// <summary>Reports a point reached: metrics, then progress, then limits of the progress, in the header's order.</summary>
    void Checkpoint(params double?[] values);
}
