using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A trained detector with its settings, on its device, ready to score from several threads at once.</summary>
internal sealed class DeformableDetectorModel : ScoringModel
{
    private const string Stream = "Detector.bin";
    private readonly Device _device;
    private readonly DetectionDecoder _decoder;
    private bool _disposed;

    public DeformableDetectorModel(DetectorModelSettings settings, DetectionNetwork network, Device device)
    {
        (Settings, Network, _device, _decoder) = (settings, network, device, settings.ToDecoder());
        network.eval();
        Columns = OutputColumn.Of(settings);
    }

    public DetectorModelSettings Settings { get; }

    public DetectionNetwork Network { get; }

    public override string ImageColumnName => Settings.ImageColumnName;

    public override ImageShape Shape => Settings.Shape;

    public override ImageResizing Resizing => Settings.Resizing;

    public override int BatchSize => Settings.BatchSize;

    public override IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>Reads a model from ML.NET's load context.</summary>
    public static DeformableDetectorModel Load(IHostEnvironment environment, object context, ModelVersion version)
    {
        var device = TrainingDevice.Choose(environment, null, null);
        DeformableDetectorModel? model = null;
        MlNetInternals.Load(context, version, Stream, reader =>
        {
            var (settings, network) = ModelPart.Read<DetectorModelSettings, DetectionNetwork>(reader, (settings, _) => settings.Checked().ToNetworkSpec().Build());
            try
            {
                network.to(device);
                network.OwnWeights();
                model = new DeformableDetectorModel(settings, network, device);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        });
        return model!;
    }

    /// <summary>Writes the model into ML.NET's save context.</summary>
    public void Save(ModelSaveContext context, ModelVersion version)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        MlNetInternals.Save(context, version, Stream, writer => ModelPart.Write(writer, Settings, Network));
    }

    public override ScoredBatch Score(float[] pixels, ImageSize[] sizes, int count, IReadOnlySet<NetworkOutput> wanted)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = TensorFactory.FromArray<float>(pixels.AsSpan(0, count * Shape.Length), [count, Shape.Channels, Shape.Height, Shape.Width], _device);
        var found = _decoder.Decode(Network.Run(input), Shape.Height, Shape.Width);
        for (var image = 0; image < count; image++)
        {
            var (horizontal, vertical) = ((float)sizes[image].Width / Shape.Width, (float)sizes[image].Height / Shape.Height);
            var boxes = found[image].Boxes;
            for (var i = 0; i < boxes.Length; i++)
                boxes[i] *= i % 2 == 0 ? horizontal : vertical;
        }

        return new DetectionScores(found);
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

    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Network.Dispose();
        }
    }
}
