namespace Microsoft.ML;

/// <summary>What writes itself into a model file.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}
