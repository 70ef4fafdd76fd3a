namespace Microsoft.ML.Spatial.Visualization;

/// <summary>One sample of a <see cref="ContactSheet"/>: pictures side by side, and lines of text below.</summary>
/// <param name="Pictures">The pictures, from left to right.</param>
/// <param name="Captions">The lines, from top to bottom.</param>
public sealed record SheetCell(IReadOnlyList<SheetPicture> Pictures, IReadOnlyList<SheetCaption> Captions);
