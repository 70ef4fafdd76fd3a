namespace PackageApi;

/// <summary>One public type or member: its documentation identifier, its declaration, and the assembly that holds it.</summary>
/// <remarks>As text, the three are separated by tabs; in a list of one assembly the last is left out.</remarks>
public sealed record ApiEntry(string Id, string Signature, string Assembly)
{
    private const string ObsoleteMark = "[Obsolete] ";

    /// <summary>T, M, P, F or E.</summary>
    public char Kind => Id[0];

    public bool IsObsolete => Signature.StartsWith(ObsoleteMark, StringComparison.Ordinal);

    public bool IsDelegate => Kind == 'T' && Signature.Contains(" delegate ", StringComparison.Ordinal);

    public bool IsInterface => Kind == 'T' && Signature.Contains(" interface ", StringComparison.Ordinal);

    public bool IsAbstractMember => Kind != 'T' && Signature.Contains(" abstract ", StringComparison.Ordinal);

    public bool IsExtensionMethod => Kind == 'M' && Signature.Contains("(this ", StringComparison.Ordinal);

    /// <summary>The identifier without kind, parameters and return type.</summary>
    public string Path { get; } = PathOf(Id);

    /// <summary>The full name of the type that declares a member.</summary>
    public string DeclaringType => Path[..Path.LastIndexOf('.')];

    /// <summary>The member's name without the number of its type parameters.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..].Split("``")[0];

    /// <summary>The identifier of the first parameter's type, without type arguments.</summary>
    public string FirstParameterType => Id.IndexOf('(') is var open && open < 0 ? "" : Id[(open + 1)..].Split(',', ')', '{')[0];

    public override string ToString() => $"{Id}\t{Signature}\t{Assembly}";

    public static ApiEntry Parse(string line, string assembly)
    {
        var parts = line.Split('\t');
        return new ApiEntry(parts[0], parts[1], parts.Length > 2 ? parts[2] : assembly);
    }

    private static string PathOf(string id)
    {
        var end = id.IndexOfAny(['(', '~']);
        return id[2..(end < 0 ? id.Length : end)];
    }
}
