using System.Globalization;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.FashionPairs.Data;

/// <summary>
/// Two fashion items a picture, after the MNIST addition of Jaderberg et al. 2015 (arXiv 1506.02025, appendix A.1): item A is the
/// red channel of a 42 x 42 picture, item B the green one, blue is 0, and each is distorted by itself
/// (<see cref="RotationTranslationScale"/>). The class is the sum of the two items' labels, 0 to 18.
/// </summary>
/// <remarks>
/// Everything is a function of the data seed and of the sample counter i of <see cref="DrawnPicturesView"/>. Item A of row j is picture
/// j of the view's part of the file; item B is picture floor(n u0) of the same n pictures, of stream 300 (training file) or 400
/// (test file) and the row's counter in the first epoch: a row keeps its pair, and so its class, in every epoch. The distortion of A has the
/// stream 101 or 201, that of <c>DistortedFashion</c>, and the distortion of B 301 or 401, both with counter i, fresh in
/// every epoch of the training view.
/// </remarks>
internal sealed class FashionPairsView : DrawnPicturesView
{
    /// <summary>The names of the classes: the sums.</summary>
    public static readonly IReadOnlyList<string> ClassNames =
        [.. Enumerable.Range(0, 2 * FashionMnistDataSet.ClassNames.Count - 1).Select(sum => sum.ToString(CultureInfo.InvariantCulture))];

    private const int SecondItem = 200;

    private static readonly RotationTranslationScale Distortion = new();

    private readonly FashionMnistSplit _pictures;
    private readonly long _seed;
    private readonly int _stream;
    private readonly int _first;
    private readonly int[] _partners;

    private FashionPairsView(FashionMnistSplit pictures, long seed, int stream, int first, int count, long firstCounter, bool fresh)
        : base(ClassNames, Distortion.CanvasSide, count, firstCounter, fresh)
    {
        _pictures = pictures;
        _seed = seed;
        _stream = stream;
        _first = first;
        _partners = [.. Enumerable.Range(0, count).Select(row => first + (int)(count * new CounterUniforms(seed, stream + SecondItem, firstCounter + row)[0]))];
    }

    /// <summary>Pairs of the first <paramref name="count"/> pictures of the training file, distorted afresh in every epoch.</summary>
    public static FashionPairsView Training(FashionMnistDataSet data, int count, long seed) =>
        new(data.Train, seed, TrainStream, 0, data.Train.Checked(count), 0, fresh: true);

    /// <summary>
    /// Pairs of the last 2,000 pictures of the training file under one fixed distortion each, which no training epoch uses: the sample
    /// counters go on where those of the last epoch end.
    /// </summary>
    public static FashionPairsView Validation(FashionMnistDataSet data, int trainingCount, int epochs, long seed) =>
        new(data.Train, seed, TrainStream, data.Train.Count - ValidationCount, ValidationCount, (long)epochs * trainingCount, fresh: false);

    /// <summary>Pairs of the first <paramref name="count"/> pictures of the test file under their fixed distortions.</summary>
    public static FashionPairsView Test(FashionMnistDataSet data, int count, long seed) =>
        new(data.Test, seed, TestStream, 0, data.Test.Checked(count), 0, fresh: false);

    /// <summary>The label of a row's item A.</summary>
    public int FirstLabel(int row) => _pictures.Label(_first + row);

    /// <summary>The label of a row's item B.</summary>
    public int SecondLabel(int row) => _pictures.Label(_partners[row]);

    /// <inheritdoc/>
    internal override int PictureIndex(int row) => _first + row;

    /// <inheritdoc/>
    internal override int Class(int row) => FirstLabel(row) + SecondLabel(row);

    /// <inheritdoc/>
    internal override void Draw(int row, long counter, Span<byte> pixels)
    {
        Span<byte> one = stackalloc byte[Side * Side];
        Span<byte> two = stackalloc byte[Side * Side];
        DrawItem(_first + row, _stream, counter, one);
        DrawItem(_partners[row], _stream + SecondItem, counter, two);
        for (int k = 0; k < one.Length; k++)
        {
            pixels[4 * k] = 0;
            pixels[4 * k + 1] = two[k];
            pixels[4 * k + 2] = one[k];
            pixels[4 * k + 3] = 255;
        }
    }

    private void DrawItem(int index, int stream, long counter, Span<byte> canvas) =>
        Distortion.Draw(_pictures.Image(index), new CounterUniforms(_seed, stream + Distortion.Id, counter), _pictures, canvas);
}
