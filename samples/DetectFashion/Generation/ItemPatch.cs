using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.DetectFashion.Generation;

/// <summary>A turned and enlarged picture of an item, cut to what can be seen of it.</summary>
internal sealed class ItemPatch
{
    // A square patch of side 2 ceil(20 scale) + 1 holds the picture however it is turned.
    private const double Reach = 20;
    private const double Centre = (FashionMnistSplit.Side - 1) / 2.0;
    private const double LeastSeen = 0.2;

    // From here on an item hides what is behind it.
    private const double Opaque = 0.25;

    private readonly double[] _values;
    private readonly int _side;
    private readonly int _left;
    private readonly int _top;

    /// <summary>Draws an item.</summary>
    /// <param name="picture">The 28 x 28 picture.</param>
    /// <param name="angle">In radians.</param>
    /// <param name="scale">Pixels of the patch to one of the picture.</param>
    public ItemPatch(ReadOnlySpan<byte> picture, double angle, double scale)
    {
        int half = (int)Math.Ceiling(Reach * scale);
        _side = 2 * half + 1;
        _values = new double[_side * _side];
        double cos = Math.Cos(angle), sin = Math.Sin(angle);
        int left = _side, top = _side, right = 0, bottom = 0;
        var source = new PaddedPicture(picture, stackalloc double[PaddedPicture.Length]);
        for (int r = 0; r < _side; r++)
        {
            double y = r - half;
            for (int c = 0; c < _side; c++)
            {
                double x = c - half;
                double value = source.At(Centre + (x * cos + y * sin) / scale, Centre + (-x * sin + y * cos) / scale) / 255;
                _values[r * _side + c] = value;
                if (value > LeastSeen)
                    (left, top, right, bottom) = (Math.Min(left, c), Math.Min(top, r), Math.Max(right, c + 1), Math.Max(bottom, r + 1));
            }
        }

        (_left, _top) = (left, top);
        (Width, Height) = (Math.Max(0, right - left), Math.Max(0, bottom - top));
    }

    /// <summary>The width of what can be seen; 0 where nothing can.</summary>
    public int Width { get; }

    /// <summary>The height of what can be seen; 0 where nothing can.</summary>
    public int Height { get; }

    /// <summary>Puts the item into a picture.</summary>
    /// <param name="picture">A square picture of values from 0 to 1, row-major.</param>
    /// <param name="side">Its side.</param>
    /// <param name="left">The first column of the item.</param>
    /// <param name="top">Its first row.</param>
    public void Blend(Span<double> picture, int side, int left, int top)
    {
        for (int r = 0; r < Height; r++)
        {
            for (int c = 0; c < Width; c++)
            {
                double value = _values[(_top + r) * _side + _left + c];
                double alpha = Math.Min(1, value / Opaque);
                ref double behind = ref picture[(top + r) * side + left + c];
                behind = behind * (1 - alpha) + value * alpha;
            }
        }
    }
}
