using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

namespace Microsoft.ML.Spatial.Samples.DistortedFashion.Data;

/// <summary>Distorted Fashion-MNIST, ten classes. The pictures of the training view are fresh in every epoch, the others fixed.</summary>
internal sealed class DistortedFashionView : DrawnPicturesView
{
    private readonly FashionMnistSplit _pictures;
    private readonly FashionMnistSplit _clutter;
    private readonly Distortion _distortion;
    private readonly long _seed;
    private readonly int _stream;
    private readonly int _first;

    private DistortedFashionView(
        FashionMnistDataSet data, FashionMnistSplit pictures, Distortion distortion, long seed, int stream, int first, int count, long firstCounter, bool fresh)
        : base(FashionMnistDataSet.ClassNames, distortion.CanvasSide, count, firstCounter, fresh)
    {
        _pictures = pictures;
        _clutter = data.Train;
        _distortion = distortion;
        _seed = seed;
        _stream = stream + distortion.Id;
        _first = first;
    }

    /// <summary>The first <paramref name="count"/> pictures of the training file, distorted afresh in every epoch.</summary>
    public static DistortedFashionView Training(FashionMnistDataSet data, Distortion distortion, int count, long seed) =>
        new(data, data.Train, distortion, seed, TrainStream, 0, data.Train.Checked(count), 0, fresh: true);

    /// <summary>
    /// The last 2,000 pictures of the training file under one fixed distortion each, which no training epoch uses: the
    /// sample counters go on where those of the last epoch end.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="distortion">The distortion.</param>
    /// <param name="trainingCount">The number of training pictures; see <see cref="HoldsOut"/>.</param>
    /// <param name="epochs">The number of training epochs.</param>
    /// <param name="seed">The data seed.</param>
    public static DistortedFashionView Validation(FashionMnistDataSet data, Distortion distortion, int trainingCount, int epochs, long seed) =>
        new(data, data.Train, distortion, seed, TrainStream, data.Train.Count - ValidationCount, ValidationCount, (long)epochs * trainingCount, fresh: false);

    /// <summary>The first <paramref name="count"/> pictures of the test file under their fixed distortions.</summary>
    public static DistortedFashionView Test(FashionMnistDataSet data, Distortion distortion, int count, long seed) =>
        new(data, data.Test, distortion, seed, TestStream, 0, data.Test.Checked(count), 0, fresh: false);

    /// <summary>Whether the validation pictures are none of the training pictures.</summary>
    public static bool HoldsOut(FashionMnistDataSet data, int trainingCount) => trainingCount <= data.Train.Count - ValidationCount;

    /// <inheritdoc/>
    internal override int PictureIndex(int row) => _first + row;

    /// <inheritdoc/>
    internal override int Class(int row) => _pictures.Label(_first + row);

    /// <inheritdoc/>
    internal override void Draw(int row, long counter, Span<byte> pixels)
    {
        Span<byte> grey = stackalloc byte[Side * Side];
        _distortion.Draw(_pictures.Image(_first + row), new CounterUniforms(_seed, _stream, counter), _clutter, grey);
        FillGrey(grey, pixels);
    }
}
