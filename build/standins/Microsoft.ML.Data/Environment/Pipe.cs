using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Hands messages to a listener.</summary>
internal class Pipe<TMessage> : IPipe<TMessage>
{
    private readonly Action<string, TMessage> _listener;
    private bool _disposed;

    public Pipe(string fullName, Action<string, TMessage> listener)
    {
        ContextDescription = fullName;
        _listener = listener;
    }

    public string ContextDescription { get; }

    public void Send(TMessage msg) => _listener(ContextDescription, msg);

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        ex?.Data["Throwing component"] = ContextDescription;
        return ex;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Close();
        }
    }

    protected virtual void Close()
    {
    }
}
