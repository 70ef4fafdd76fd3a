using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Checks what is reported; a context publishes no progress, only messages.</summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private ProgressHeader _header = new();
    private bool _disposed;

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
        ArgumentNullException.ThrowIfNull(header);
        _header = header;
    }

    public void Checkpoint(params double?[] values)
    {
        if (_disposed)
        {
            throw new InvalidOperationException("A progress channel takes no checkpoints once it is disposed.");
        }

        // A unit takes two values: how far it has come, and how far it will go.
        int places = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        if (values?.Length > places)
        {
            throw new InvalidOperationException($"A checkpoint of {values.Length} values does not fit a header with {places} places.");
        }
    }

    public IProgressChannel StartProgressChannel(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ProgressChannel();
    }

    public void Dispose() => _disposed = true;
}
