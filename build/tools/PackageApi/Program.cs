using PackageApi;

// The two questions to ask of packages by hand; the contract's tests ask the others.
switch (args)
{
    case ["list", .. { Length: > 0 } files]:
        foreach (var entry in PublicSurface.Of(new AssemblySymbols(files, Beside(files))))
        {
            Console.WriteLine(entry);
        }

        return 0;
    case ["unused", var folder]:
        var all = Directory.GetFiles(folder, "*.dll");
        var users = all.Where(file => Packages.IsOurs(Path.GetFileNameWithoutExtension(file))).ToArray();
        var packages = all.Where(file => Packages.IsPackage(Path.GetFileNameWithoutExtension(file))).ToArray();
        var unused = UnusedMembers.Find(packages, users, Beside(all));
        foreach (var entry in unused)
        {
            Console.WriteLine(entry);
        }

        Console.WriteLine($"{unused.Count} public members that nothing needs");
        return 0;
    default:
        Console.Error.WriteLine("""
            PackageApi list ASSEMBLY...   lists the public types and members of assemblies
            PackageApi unused FOLDER      lists the stand-ins' public members that no assembly of ours needs;
                                          FOLDER is the output of the contract's tests, which has all of them
            """);
        return 2;
}

// What the assemblies may mention: their neighbours and the framework.
static IReadOnlyCollection<string> Beside(IEnumerable<string> files)
    => [.. files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Distinct().SelectMany(folder => Directory.GetFiles(folder, "*.dll")), .. Packages.Framework];
