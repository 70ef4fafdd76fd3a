using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Generation;

/// <summary>
/// Draws scenes of 96 x 96 pixels: a slanted, noisy background, six pieces of clutter, and one to four items, turned within 45 degrees either way, at 0.6 to 1.6 of their size, which hide
/// each other little. Scene i is a function of the seed, the stream and i.
/// </summary>
/// <remarks>
/// With u the numbers of (seed, stream, i) and N the number of pictures in the file, everything in double precision and rounded once:
/// <list type="bullet">
/// <item>background(r, c) = 0.05 + 0.20 u0 + 0.15 (2 u1 - 1)(c - 47.5)/48 + 0.15 (2 u2 - 1)(r - 47.5)/48 + 0.10 (2 v - 1), clipped to [0, 1]; v is number p % 4096 of
/// (seed, stream + 1, 3i + p / 4096), p = 96 r + c;</item>
/// <item>clutter m = 0..5, b = 8 + 6m: 10 x 10 pixels of picture floor(N u[b]) from (row floor(19 u[b+1]), column floor(19 u[b+2])), times 0.5 + 0.5 u[b+3], at
/// (row floor(87 u[b+4]), column floor(87 u[b+5])); where it overlaps, the brighter pixel stays;</item>
/// <item>1 + floor(4 u3) slots of an item, each with up to six tries t, b = 64 + 8(6m + t): picture floor(N u[b]), turned by (2 u[b+1] - 1) 45 degrees, at a scale of 0.6 + u[b+2]. Its box is
/// tight around values above 0.2, of h x w pixels; where h or w is below 6 or above 96, the try is over. It lies at (row floor((97 - h) u[b+3]), column floor((97 - w) u[b+4])); where it crowds
/// a box before it (<see cref="SceneBox.Crowds"/>), the try is over. Within the box a value a covers what is behind by min(1, 4a).</item>
/// </list>
/// </remarks>
/// <param name="pictures">The file that items and clutter are taken from.</param>
/// <param name="seed">The seed.</param>
/// <param name="stream">The stream; background noise has the next one.</param>
internal sealed class SceneGenerator(FashionMnistSplit pictures, long seed, int stream)
{
    private const int Side = FashionScene.Side;
    private const int ClutterPieces = 6;
    private const int ClutterSide = 10;
    private const int FirstClutter = 8;
    private const int ClutterNumbers = 6;
    private const int MostItems = 4;
    private const int Tries = 6;
    private const int FirstItem = 64;
    private const int ItemNumbers = 8;
    private const int LeastItemSide = 6;

    /// <summary>Draws a scene.</summary>
    public FashionScene Draw(int index)
    {
        var uniforms = new CounterUniforms(seed, stream, index);
        var values = new double[Side * Side];
        FillBackground(uniforms, index, values);
        for (int m = 0; m < ClutterPieces; m++)
            AddClutter(uniforms, FirstClutter + ClutterNumbers * m, values);

        var objects = new List<SceneObject>();
        int slots = 1 + (int)(MostItems * uniforms[3]);
        for (int slot = 0; slot < slots; slot++)
        {
            for (int t = 0; t < Tries; t++)
            {
                if (AddItem(uniforms, FirstItem + ItemNumbers * (Tries * slot + t), objects, values) is { } added)
                {
                    objects.Add(added);
                    break;
                }
            }
        }

        return new FashionScene(Array.ConvertAll(values, value => (byte)(255 * value + 0.5)), objects);
    }

    private void FillBackground(CounterUniforms uniforms, int index, Span<double> values)
    {
        // Number 4096 of a sample is number 0 of the next, so that the noise of a scene is one run over three samples.
        var noise = new CounterUniforms(seed, stream + 1, 3L * index);
        double level = 0.05 + 0.20 * uniforms[0], across = 0.15 * (2 * uniforms[1] - 1), down = 0.15 * (2 * uniforms[2] - 1);
        for (int p = 0; p < values.Length; p++)
        {
            double value = level + across * FromCentre(p % Side) + down * FromCentre(p / Side) + 0.10 * (2 * noise[p] - 1);
            values[p] = Math.Clamp(value, 0, 1);
        }
    }

    private static double FromCentre(int pixel) => (pixel - (Side - 1) / 2.0) / (Side / 2);

    private void AddClutter(CounterUniforms uniforms, int first, Span<double> values)
    {
        var source = pictures.Image((int)(pictures.Count * uniforms[first]));
        int fromRow = Place(FashionMnistSplit.Side, ClutterSide, uniforms[first + 1]), fromColumn = Place(FashionMnistSplit.Side, ClutterSide, uniforms[first + 2]);
        double strength = 0.5 + 0.5 * uniforms[first + 3];
        int toRow = Place(Side, ClutterSide, uniforms[first + 4]), toColumn = Place(Side, ClutterSide, uniforms[first + 5]);
        for (int r = 0; r < ClutterSide; r++)
        {
            for (int c = 0; c < ClutterSide; c++)
            {
                ref double value = ref values[(toRow + r) * Side + toColumn + c];
                value = Math.Max(value, source[(fromRow + r) * FashionMnistSplit.Side + fromColumn + c] / 255.0 * strength);
            }
        }
    }

    /// <summary>Tries to put an item into the scene; null where it does not fit.</summary>
    private SceneObject? AddItem(CounterUniforms uniforms, int first, List<SceneObject> others, Span<double> values)
    {
        int picture = (int)(pictures.Count * uniforms[first]);
        var patch = new ItemPatch(pictures.Image(picture), (2 * uniforms[first + 1] - 1) * 45 * (Math.PI / 180), 0.6 + uniforms[first + 2]);
        if (Math.Min(patch.Width, patch.Height) < LeastItemSide || Math.Max(patch.Width, patch.Height) > Side)
            return null;
        int top = Place(Side, patch.Height, uniforms[first + 3]), left = Place(Side, patch.Width, uniforms[first + 4]);
        var box = new SceneBox(left, top, left + patch.Width, top + patch.Height);
        if (others.Exists(other => box.Crowds(other.Box)))
            return null;
        patch.Blend(values, Side, left, top);
        return new SceneObject(box, pictures.Label(picture));
    }

    /// <summary>Where a part of a side begins: anywhere that it fits.</summary>
    private static int Place(int side, int part, double uniform) => (int)((side - part + 1) * uniform);
}
