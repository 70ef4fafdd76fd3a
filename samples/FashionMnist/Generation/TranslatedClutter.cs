using Microsoft.ML.Spatial.Samples.FashionMnist.Data;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// TC: the picture at (row floor(33 u0), column floor(33 u1)) of a 60 x 60 canvas, and six pieces of clutter m = 0..5: 6 x 6
/// pixels of training picture floor(60000 u[2+5m]) from (row floor(23 u[3+5m]), column floor(23 u[4+5m])), put at
/// (row floor(55 u[5+5m]), column floor(55 u[6+5m])). Where they overlap, the brighter pixel stays.
/// </summary>
internal sealed class TranslatedClutter : Distortion
{
    private const int Pieces = 6;
    private const int PieceSide = 6;

    /// <inheritdoc/>
    public override string Name => "TC";

    /// <inheritdoc/>
    public override string Description => "anywhere on 60 x 60, among pieces of other pictures";

    /// <inheritdoc/>
    public override int Id => 4;

    /// <inheritdoc/>
    public override int CanvasSide => 60;

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<byte> source, CounterUniforms uniforms, FashionMnistSplit clutter, Span<byte> canvas)
    {
        canvas.Clear();
        var (row, column) = Place(uniforms);
        Paste(source, 0, 0, FashionMnistSplit.Side, canvas, row, column);
        for (int k = 2; k < 2 + 5 * Pieces; k += 5)
        {
            var other = clutter.Image((int)(60000 * uniforms[k]));
            Paste(other, (int)(23 * uniforms[k + 1]), (int)(23 * uniforms[k + 2]), PieceSide, canvas, (int)(55 * uniforms[k + 3]), (int)(55 * uniforms[k + 4]));
        }
    }

    /// <summary>The upper left pixel of the picture on the canvas.</summary>
    public static (int Row, int Column) Place(CounterUniforms uniforms) => ((int)(33 * uniforms[0]), (int)(33 * uniforms[1]));

    private void Paste(ReadOnlySpan<byte> source, int fromRow, int fromColumn, int side, Span<byte> canvas, int toRow, int toColumn)
    {
        for (int r = 0; r < side; r++)
        {
            var from = source.Slice((fromRow + r) * FashionMnistSplit.Side + fromColumn, side);
            var to = canvas.Slice((toRow + r) * CanvasSide + toColumn, side);
            for (int c = 0; c < side; c++)
                to[c] = Math.Max(to[c], from[c]);
        }
    }
}
