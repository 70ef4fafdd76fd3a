namespace Microsoft.ML;

/// <summary>Marks a loadable class that makes a model from its place in a model file.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
