using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.Colocalize.Data;

/// <summary>
/// Pictures that each hold an item of one class, at a random place among clutter (<see cref="TranslatedClutter"/>). The label column says the same of every
/// row; where the items are is known to <see cref="TrueBox"/> alone.
/// </summary>
/// <remarks>
/// A row's sample counter is the place of its picture in the file, and the streams are those of the other samples: 104 for the training file, 204 for the
/// test file. Every pass shows the same pictures.
/// </remarks>
internal sealed class CommonClassView : DrawnPicturesView
{
    private static readonly TranslatedClutter Distortion = new();

    private readonly FashionMnistSplit _pictures;
    private readonly FashionMnistSplit _clutter;
    private readonly int[] _indices;
    private readonly long _seed;
    private readonly int _stream;

    private CommonClassView(FashionMnistDataSet data, FashionMnistSplit pictures, int count, int label, long seed, int stream, int[] indices)
        : base([FashionMnistDataSet.ClassNames[label]], Distortion.CanvasSide, indices.Length, 0, fresh: false)
    {
        if (indices.Length < 2)
            throw new InvalidDataException($"Of the first {count} pictures of the file {indices.Length} are of class {FashionMnistDataSet.ClassNames[label]}; co-localisation compares pictures and needs at least 2.");
        _pictures = pictures;
        _clutter = data.Train;
        _indices = indices;
        _seed = seed;
        _stream = stream + Distortion.Id;
    }

    /// <summary>The pictures of a class among the first of the training file.</summary>
    public static CommonClassView Training(FashionMnistDataSet data, int count, int label, long seed) => Of(data, data.Train, count, label, seed, TrainStream);

    /// <summary>The pictures of a class among the first of the test file.</summary>
    public static CommonClassView Test(FashionMnistDataSet data, int count, int label, long seed) => Of(data, data.Test, count, label, seed, TestStream);

    /// <summary>Where a row's 28 x 28 item was put.</summary>
    public PixelBox TrueBox(int row)
    {
        var (top, left) = TranslatedClutter.Place(Uniforms(row));
        return new PixelBox(left, top, FashionMnistSplit.Side, FashionMnistSplit.Side);
    }

    /// <inheritdoc/>
    internal override int PictureIndex(int row) => _indices[row];

    /// <inheritdoc/>
    internal override int Class(int row) => 0;

    /// <inheritdoc/>
    internal override void Draw(int row, long counter, Span<byte> pixels)
    {
        Span<byte> canvas = stackalloc byte[Side * Side];
        Distortion.Draw(_pictures.Image(_indices[row]), Uniforms(row), _clutter, canvas);
        FillGrey(canvas, pixels);
    }

    private static CommonClassView Of(FashionMnistDataSet data, FashionMnistSplit pictures, int count, int label, long seed, int stream) =>
        new(data, pictures, count, label, seed, stream, [.. Enumerable.Range(0, pictures.Checked(count)).Where(index => pictures.Label(index) == label)]);

    private CounterUniforms Uniforms(int row) => new(_seed, _stream, _indices[row]);
}
