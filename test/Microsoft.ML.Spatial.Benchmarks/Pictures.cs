using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Samples.DistortedFashion.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.Benchmarks;

/// <summary>Pictures of Fashion-MNIST distorted by RTS beforehand, in memory.</summary>
internal sealed class Pictures
{
    public const int Side = 42;
    private readonly Row[] _rows;

    private Pictures(Row[] rows) => _rows = rows;

    /// <summary>Distorts the first training images.</summary>
    public static async Task<Pictures> Make(int count)
    {
        var folder = await new FashionMnistFiles().LocateAsync(CancellationToken.None);
        var view = DistortedFashionView.Training(FashionMnistDataSet.Read(folder), new RotationTranslationScale(), count, seed: 0);
        using var cursor = view.GetRowCursor(view.Schema);
        var image = cursor.GetGetter<MLImage>(view.Schema[DistortedFashionView.ImageColumnName]);
        var label = cursor.GetGetter<uint>(view.Schema[DistortedFashionView.LabelColumnName]);
        var rows = new Row[count];
        for (var i = 0; cursor.MoveNext(); i++)
        {
            MLImage? taken = null;
            var key = 0u;
            image(ref taken!);
            label(ref key);
            rows[i] = new Row { Image = taken, Label = key - 1 };
        }

        return new Pictures(rows);
    }

    public int Count => _rows.Length;

    /// <summary>The pictures as a view of images and key labels.</summary>
    public IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(_rows);

    /// <summary>One picture as a user's object.</summary>
    public Row this[int index] => _rows[index];

    /// <summary>The grey values of all pictures, one byte a pixel.</summary>
    public byte[] Pixels()
    {
        var pixels = new byte[Count * Side * Side];
        for (var i = 0; i < Count; i++)
        {
            var bgra = _rows[i].Image.Pixels;
            for (var p = 0; p < Side * Side; p++)
            {
                pixels[(i * Side * Side) + p] = bgra[4 * p];
            }
        }

        return pixels;
    }

    /// <summary>The classes of all pictures, from 0.</summary>
    public byte[] Labels() => Array.ConvertAll(_rows, row => (byte)row.Label);

    internal sealed class Row
    {
        [KeyType(10)]
        public uint Label { get; set; }

        [ImageType(Side, Side)]
        public MLImage Image { get; set; } = null!;
    }
}
