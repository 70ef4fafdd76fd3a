namespace Microsoft.ML.Spatial.Data;

/// <summary>An object that a detector found.</summary>
/// <param name="Box">Where.</param>
/// <param name="Class">Of which class, from 0.</param>
/// <param name="Score">How surely; only the order of scores matters.</param>
internal readonly record struct DetectedObject(Box Box, int Class, double Score);
