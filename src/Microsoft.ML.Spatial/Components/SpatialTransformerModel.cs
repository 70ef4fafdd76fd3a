using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A trained network with its settings, on its device, ready to score from several threads at once.</summary>
internal sealed class SpatialTransformerModel : IDisposable
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

    /// <summary>The columns the model adds.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; }

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

    /// <summary>Runs the network.</summary>
    /// <param name="pixels">Images [count, C, H, W].</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">What is asked for; the classifier does not run for the rectified image and theta alone.</param>
    public ScoredBatch Score(float[] pixels, int count, IReadOnlySet<NetworkOutput> wanted)
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
            (rectified, theta) = Network.Rectify(input);
        }

        return new ScoredBatch(
            wantsScores ? Floats(logits!.softmax(1)) : null,
            wanted.Contains(NetworkOutput.Theta) ? Floats(theta!) : null,
            wanted.Contains(NetworkOutput.RectifiedVector) || wanted.Contains(NetworkOutput.RectifiedImage) ? Floats(rectified!) : null);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Network.Dispose();
        }
    }

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.cpu().contiguous().bytes).ToArray();
}
