using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment behind a catalogue.</summary>
internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Environment;
    }
}
