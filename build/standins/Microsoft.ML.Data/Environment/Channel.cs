using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Hands messages to a listener, and says when it was opened and closed.</summary>
internal sealed class Channel : Pipe<ChannelMessage>, IChannel
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public Channel(string fullName, Action<string, ChannelMessage> listener)
        : base(fullName, listener)
    {
        Send(ChannelMessageKind.Trace, "Channel started");
    }

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, fmt);

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Info, fmt, args);

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, fmt);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Warning, fmt, args);

    protected override void Close()
    {
        Send(ChannelMessageKind.Trace, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
        Send(ChannelMessageKind.Trace, "Channel disposed");
    }

    private void Send(ChannelMessageKind kind, string text, params object[] args) => Send(new ChannelMessage(kind, text, args.Length > 0 ? args : null));
}
