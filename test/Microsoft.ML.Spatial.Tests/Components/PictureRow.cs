using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Spatial.FreshProcess;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>A row whose image is an <see cref="MLImage"/> of any size.</summary>
internal sealed class PictureRow
{
    public string Name { get; set; } = "";

    public int Index { get; set; }

    [ImageType(ShapeRows.Side, ShapeRows.Side)]
    public MLImage Image { get; set; } = null!;

    public static PictureRow[] Make(int count, int seed) =>
        ShapeRows.Make(count, seed).Select((row, index) => new PictureRow { Name = row.Name, Index = index, Image = Shapes.Picture(row.Image, Shapes.Side, Shapes.Side) }).ToArray();
}
