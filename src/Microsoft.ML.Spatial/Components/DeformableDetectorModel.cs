using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A trained detector with its settings, on its device, ready to score from several threads at once.</summary>
internal sealed class DeformableDetectorModel : NetworkModel<DetectorModelSettings, DetectionNetwork>
{
    private const string Stream = "Detector.bin";
    private readonly DetectionDecoder _decoder;

    public DeformableDetectorModel(DetectorModelSettings settings, DetectionNetwork network, Device device)
        : base(settings, network, device, Stream)
    {
        _decoder = settings.ToDecoder();
        Columns = OutputColumn.Of(settings);
    }

    public override string ImageColumnName => Settings.ImageColumnName;

    public override ImageShape Shape => Settings.Shape;

    public override ImageResizing Resizing => Settings.Resizing;

    public override int BatchSize => Settings.BatchSize;

    public override IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>Reads a model from ML.NET's load context.</summary>
    public static DeformableDetectorModel Load(IHostEnvironment environment, object context, ModelVersion version) =>
        Load(environment, context, version, Stream, (settings, _) => settings.Checked().ToNetworkSpec().Build(), (settings, network, device) => new DeformableDetectorModel(settings, network, device));

    public override ScoredBatch Score(float[] pixels, ImageSize[] sizes, int count, IReadOnlySet<NetworkOutput> wanted)
    {
        CheckNotDisposed();
        using var scope = NewDisposeScope();
        var found = Network.Detect(ImageTensor.Of(pixels, count, Shape, Device), _decoder);
        return new DetectionScores([.. found.Select((objects, image) => ImagePlacement.Of(sizes[image], Shape, Resizing).ToImage(objects))]);
    }

    /// <summary>Where the deformable convolutions read: <see cref="DeformableDetectorTransformer.SamplingPoints"/>.</summary>
    public (double Y, double X)[][] SamplingPoints(MLImage image, IReadOnlyList<(double Y, double X)> places)
    {
        CheckNotDisposed();
        using var scope = NewDisposeScope();
        using var reader = ImageReader.Of(image, Shape, Resizing);
        var pixels = new float[Shape.Length];
        var placement = ImagePlacement.Of(reader.Read(pixels), Shape, Resizing);
        var found = Network.SamplingPoints(ImageTensor.Of(pixels, 1, Shape, Device), [.. places.Select(placement.ToNetwork)]);
        return Array.ConvertAll(found, points => Array.ConvertAll(points, placement.ToImage));
    }

    public override Delegate Getter(OutputColumn column, Func<(ScoredBatch Batch, int Row)> current)
    {
        return column.Output switch
        {
            NetworkOutput.PredictedLabel => Getter(found => found.Classes, label => (uint)label + 1),
            NetworkOutput.PredictedBoundingBoxes => Getter(found => found.Boxes, side => side),
            _ => Getter(found => found.Scores, score => score),
        };

        ValueGetter<VBuffer<TTo>> Getter<TFrom, TTo>(Func<Detections, TFrom[]> values, Func<TFrom, TTo> convert) => (ref VBuffer<TTo> target) =>
        {
            var (batch, row) = current();
            var from = values(((DetectionScores)batch).Images[row]);
            var editor = VBufferEditor.Create(ref target, from.Length);
            for (var i = 0; i < from.Length; i++)
                editor.Values[i] = convert(from[i]);
            target = editor.Commit();
        };
    }
}
