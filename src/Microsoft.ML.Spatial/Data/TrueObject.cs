namespace Microsoft.ML.Spatial.Data;

/// <summary>An object that an image shows.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Area">Its area in pixels, by which it counts as small, medium or large: of its outline where that is known, else of its box.</param>
/// <param name="IsCrowd">Whether it is a region of many objects of the class.</param>
/// <param name="IsDifficult">Whether finding it earns nothing and missing it costs nothing.</param>
internal readonly record struct TrueObject(Box Box, int Class, double Area, bool IsCrowd, bool IsDifficult);
