using System.Drawing;

namespace Microsoft.ML.Spatial.Visualization;

/// <summary>A line of text under the pictures of a <see cref="SheetCell"/>.</summary>
/// <param name="Text">The text. Printable ASCII is drawn; other characters appear as question marks.</param>
/// <param name="Color">The colour of the letters.</param>
public readonly record struct SheetCaption(string Text, Color Color);
