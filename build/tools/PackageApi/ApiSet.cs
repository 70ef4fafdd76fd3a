namespace PackageApi;

/// <summary>A set of public types and members, with the questions that the contract asks of it.</summary>
public sealed class ApiSet
{
    private readonly Dictionary<string, ApiEntry> _byId;
    private readonly ILookup<string, ApiEntry> _byDeclaringType;

    public ApiSet(IEnumerable<ApiEntry> entries)
    {
        _byId = entries.ToDictionary(entry => entry.Id);
        _byDeclaringType = _byId.Values.Where(entry => entry.Kind != 'T').ToLookup(entry => entry.DeclaringType);
        ExtensionMethods = _byId.Values.Where(entry => entry.IsExtensionMethod).ToLookup(entry => entry.Name);
    }

    public IEnumerable<ApiEntry> Entries => _byId.Values;

    public IEnumerable<string> Assemblies => Entries.Select(entry => entry.Assembly).Distinct();

    private ILookup<string, ApiEntry> ExtensionMethods { get; }

    public ApiEntry? Find(string id) => _byId.GetValueOrDefault(id);

    public IEnumerable<ApiEntry> MembersOf(string type) => _byDeclaringType[type];

    /// <summary>What whoever derives from the type or implements it must write.</summary>
    public IEnumerable<ApiEntry> AbstractMembersOf(string type)
        => Find("T:" + type) is { IsInterface: true } ? MembersOf(type) : MembersOf(type).Where(member => member.IsAbstractMember);

    /// <summary>Every method that a call by the method's name could bind to: its overloads, and extension methods of the same type.</summary>
    public IEnumerable<ApiEntry> OverloadsOf(ApiEntry method)
    {
        var declared = MembersOf(method.DeclaringType).Where(member => member.Kind == 'M' && member.Name == method.Name);
        return method.IsExtensionMethod
            ? declared.Union(ExtensionMethods[method.Name].Where(other => other.FirstParameterType == method.FirstParameterType))
            : declared;
    }

    public ApiSet Without(string id) => new(Entries.Where(entry => entry.Id != id));

    /// <summary>Reads lists; a list without a column of assemblies is named after its one assembly and the version.</summary>
    public static ApiSet Read(IEnumerable<string> files)
        => new(files.SelectMany(file => File.ReadLines(file).Select(line => ApiEntry.Parse(line, AssemblyOf(file)))));

    private static string AssemblyOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name[..name.LastIndexOf('-')];
    }
}
