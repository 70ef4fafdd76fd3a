using Microsoft.ML.Spatial.Persistence;

namespace Microsoft.ML;

/// <summary>Saving a model without losing the file that was there.</summary>
public static class SaveModelCatalog
{
    /// <summary>
    /// Saves a model as <c>ml.Model.Save</c> does, but into a new file beside the old one which then takes its name: where saving fails, for want of disk or otherwise,
    /// the old file is still there, whole, and the new one is gone.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">The schema of the model's input, kept with it; may be null.</param>
    /// <param name="path">The file; its folder is made where it is not there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveModel(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        WholeFile.Write(path, stream => catalog.Save(model, inputSchema, stream));
    }
}
