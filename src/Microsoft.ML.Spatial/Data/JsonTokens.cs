using System.Text.Json;

namespace Microsoft.ML.Spatial.Data;

/// <summary>Reads a JSON file token by token, so that of a large file only what is asked for is kept. Its depth and the length of a token are bounded.</summary>
internal sealed class JsonTokens : IDisposable
{
    private const int FirstBufferBytes = 64 << 10;
    private const int LargestTokenBytes = 64 << 20;
    private const int MaxDepth = 64;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;
    private bool _isFinal;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });

    public JsonTokens(string path)
    {
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            Fill();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }

        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        _start = _buffer.AsSpan(0, _end).StartsWith(mark) ? mark.Length : 0;
    }

    /// <summary>The kind of the current token.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>The current token where it is a name or a text.</summary>
    public string? Text { get; private set; }

    /// <summary>The current token where it is a number.</summary>
    public double? Number { get; private set; }

    /// <summary>The current token where it is a whole number.</summary>
    public long? Whole { get; private set; }

    private int Depth { get; set; }

    /// <summary>Goes to the next token.</summary>
    /// <exception cref="JsonException">There is none, or what is there is no JSON.</exception>
    public JsonTokenType Next()
    {
        Advance(int.MaxValue);
        return Type;
    }

    /// <summary>Passes the next value, with all that is in it.</summary>
    public void Skip()
    {
        if (Next() is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            Advance(Depth);
        }
    }

    /// <summary>Goes through the properties of the object that begins here.</summary>
    /// <param name="property">Is told the name, and must read or skip the value.</param>
    public void ReadProperties(Action<string> property)
    {
        while (Next() != JsonTokenType.EndObject)
        {
            property(Text!);
        }
    }

    /// <summary>Makes sure that nothing but blanks follows.</summary>
    /// <exception cref="JsonException">Something does.</exception>
    public void End()
    {
        while (true)
        {
            // Throws by itself at whatever follows the one value that a file holds.
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isFinal, _state);
            reader.Read();
            if (_isFinal)
            {
                return;
            }

            _start += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            Fill();
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Goes to the next token that is at most so deep.</summary>
    private void Advance(int depth)
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isFinal, _state);
            var isThere = false;
            while (!isThere && reader.Read())
            {
                isThere = reader.CurrentDepth <= depth;
            }

            if (isThere)
            {
                Take(ref reader);
            }

            _start += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            if (isThere)
            {
                return;
            }

            if (_isFinal)
            {
                throw new JsonException("The file ends too early.");
            }

            Fill();
        }
    }

    private void Take(ref Utf8JsonReader reader)
    {
        (Type, Depth) = (reader.TokenType, reader.CurrentDepth);
        Text = Type is JsonTokenType.PropertyName or JsonTokenType.String ? reader.GetString() : null;
        Number = Type == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : null;
        Whole = Type == JsonTokenType.Number && reader.TryGetInt64(out var whole) ? whole : null;
    }

    /// <summary>Reads on behind what is left in the buffer, which grows where one token fills it.</summary>
    private void Fill()
    {
        var left = _end - _start;
        if (left == _buffer.Length)
        {
            if (left >= LargestTokenBytes)
            {
                throw new JsonException($"A token is longer than {LargestTokenBytes} bytes.");
            }

            Array.Resize(ref _buffer, 2 * left);
        }

        _buffer.AsSpan(_start, left).CopyTo(_buffer);
        (_start, _end) = (0, left);
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isFinal = read == 0;
    }
}
