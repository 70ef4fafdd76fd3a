using System.Runtime.InteropServices;
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

/// <summary>A trained network with its settings, on its device, ready to score from several threads at once.</summary>
internal sealed class SpatialTransformerModel : ScoringModel
{
    private const string Stream = "Network.bin";
    private readonly Device _device;
    private bool _disposed;

    public SpatialTransformerModel(SpatialModelSettings settings, SpatialNetwork network, Device device)
    {
        Settings = settings;
        Network = network;
        _device = device;
        network.eval();
        Columns = OutputColumn.Of(settings);
    }

    public SpatialModelSettings Settings { get; }

    public SpatialNetwork Network { get; }

    public override string ImageColumnName => Settings.ImageColumnName;

    public override ImageShape Shape => Settings.Shape;

    public override ImageResizing Resizing => Settings.Resizing;

    public override int BatchSize => Settings.BatchSize;

    public override IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>Reads a model from ML.NET's load context.</summary>
    public static SpatialTransformerModel Load(IHostEnvironment environment, object context, ModelVersion version)
    {
        var device = TrainingDevice.Choose(environment, null, null);
        SpatialTransformerModel? model = null;
        MlNetInternals.Load(context, version, Stream, reader =>
        {
            var (settings, network) = ModelPart.Read<SpatialModelSettings, SpatialNetwork>(reader, (settings, weights) => settings.Checked(weights).ToNetworkSpec().Build());
            try
            {
                network.to(device);
                network.OwnWeights();
                model = new SpatialTransformerModel(settings, network, device);
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
        var shape = Settings.Shape;
        var input = TensorFactory.FromArray<float>(pixels.AsSpan(0, count * shape.Length), [count, shape.Channels, shape.Height, shape.Width], _device);
        var wantsScores = wanted.Contains(NetworkOutput.Score) || wanted.Contains(NetworkOutput.PredictedLabel);
        Tensor? logits = null, theta = null, rectified = null;
        if (wantsScores)
        {
            (logits, theta, rectified) = Network.Run(input);
        }
        else
        {
            // The classifier does not run for the rectified image and theta alone.
            (rectified, theta) = Network.Rectify(input);
        }

        return new SpatialScores(
            wantsScores ? Floats(logits!.softmax(1)) : null,
            wanted.Contains(NetworkOutput.Theta) ? Floats(theta!) : null,
            wanted.Contains(NetworkOutput.RectifiedVector) || wanted.Contains(NetworkOutput.RectifiedImage) ? Floats(rectified!) : null);
    }

    public override Delegate Getter(OutputColumn column, Func<(ScoredBatch Batch, int Row)> current)
    {
        (SpatialScores, int) Current()
        {
            var (batch, row) = current();
            return ((SpatialScores)batch, row);
        }

        return column.Output switch
        {
            NetworkOutput.PredictedLabel => LabelGetter(Current),
            NetworkOutput.Score => VectorGetter(Current, batch => batch.Scores!, Settings.Classes),
            NetworkOutput.Theta => VectorGetter(Current, batch => batch.Thetas!, ((VectorDataViewType)column.Type).Size),
            NetworkOutput.RectifiedVector => VectorGetter(Current, batch => batch.Rectified!, Settings.RectifiedShape.Length),
            _ => ImageGetter(Current),
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

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.cpu().contiguous().bytes).ToArray();

    private ValueGetter<uint> LabelGetter(Func<(SpatialScores Batch, int Row)> current) => (ref uint target) =>
    {
        var (batch, row) = current();
        target = (uint)ArgMax(batch.Scores.AsSpan(row * Settings.Classes, Settings.Classes)) + 1;
    };

    private ValueGetter<MLImage> ImageGetter(Func<(SpatialScores Batch, int Row)> current) => (ref MLImage target) =>
    {
        var (batch, row) = current();
        var shape = Settings.RectifiedShape;
        var image = ImagePixels.FromPlanes(batch.Rectified.AsSpan(row * shape.Length, shape.Length), shape);
        target?.Dispose();
        target = image;
    };

    private static ValueGetter<VBuffer<float>> VectorGetter(Func<(SpatialScores Batch, int Row)> current, Func<SpatialScores, float[]> values, int length) => (ref VBuffer<float> target) =>
    {
        var (batch, row) = current();
        var editor = VBufferEditor.Create(ref target, length);
        values(batch).AsSpan(row * length, length).CopyTo(editor.Values);
        target = editor.Commit();
    };

    private static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
