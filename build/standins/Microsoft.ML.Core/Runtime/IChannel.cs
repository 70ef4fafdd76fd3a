namespace Microsoft.ML.Runtime;

/// <summary>Carries messages to the log.</summary>
public interface IChannel : IPipe<ChannelMessage>, IExceptionContext, IDisposable
{
    void Warning(MessageSensitivity sensitivity, string fmt);

    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Info(MessageSensitivity sensitivity, string fmt);

    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);
}
