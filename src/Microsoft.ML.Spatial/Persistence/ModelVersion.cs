namespace Microsoft.ML.Spatial.Persistence;

/// <summary>The versions of a component's part of <c>model.zip</c>, as ML.NET's <c>VersionInfo</c> wants them.</summary>
/// <param name="ModelSignature">Exactly 8 characters that tell the kind of part.</param>
/// <param name="LoaderSignature">At most 24 Latin-1 characters, unique, by which ML.NET finds the loader.</param>
/// <param name="Written">The version this code writes.</param>
/// <param name="Readable">The oldest code version that can read what this code writes.</param>
/// <param name="OldestRead">The oldest version this code reads.</param>
internal sealed record ModelVersion(string ModelSignature, string LoaderSignature, uint Written, uint Readable, uint OldestRead);
