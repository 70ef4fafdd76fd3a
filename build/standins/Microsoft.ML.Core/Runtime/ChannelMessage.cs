using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>A message of a channel. Formatted only when read, as most are never read.</summary>
public readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;

    private readonly string _text;
    private readonly object[] _args;

    internal ChannelMessage(ChannelMessageKind kind, string text, object[] args = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);

        Kind = kind;
        _text = text;
        _args = args;
    }

    public string Message => _args == null ? _text : string.Format(CultureInfo.CurrentCulture, _text, _args);
}
