namespace Microsoft.ML;

/// <summary>Names of entries inside a model file.</summary>
internal static class RepositoryPath
{
    public const char Separator = '/';

    public static string Combine(string directory, string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException("An entry of a model file needs a name.", nameof(name));
        }

        if (name.Contains("..") || directory != null && directory.Contains(".."))
        {
            throw new ArgumentException($"The entry '{name}' points outside its model.", nameof(name));
        }

        return string.IsNullOrEmpty(directory) ? name : directory + Separator + name;
    }
}
