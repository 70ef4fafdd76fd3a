using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Components;

/// <summary>A trained network with its settings, on its device: what all models share of loading, saving and disposal.</summary>
/// <typeparam name="TSettings">Everything but the weights; the header of the model file.</typeparam>
/// <typeparam name="TNetwork">The network.</typeparam>
internal abstract class NetworkModel<TSettings, TNetwork> : ScoringModel
    where TNetwork : nn.Module
{
    private readonly string _stream;
    private bool _disposed;

    /// <param name="settings">The settings.</param>
    /// <param name="network">The network, which the model owns.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="stream">The name of the model's stream in the file.</param>
    protected NetworkModel(TSettings settings, TNetwork network, Device device, string stream)
    {
        (Settings, Network, Device, _stream) = (settings, network, device, stream);
        network.eval();
    }

    public TSettings Settings { get; }

    public TNetwork Network { get; }

    protected Device Device { get; }

    /// <summary>Writes the model into ML.NET's save context.</summary>
    public void Save(ModelSaveContext context, ModelVersion version)
    {
        CheckNotDisposed();
        MlNetInternals.Save(context, version, _stream, writer => ModelPart.Write(writer, Settings, Network));
    }

    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Network.Dispose();
        }
    }

    /// <summary>Reads a model from ML.NET's load context.</summary>
    /// <param name="environment">Tells the device.</param>
    /// <param name="context">ML.NET's load context.</param>
    /// <param name="version">The version that can be read.</param>
    /// <param name="stream">The name of the model's stream in the file.</param>
    /// <param name="build">Makes the network of checked settings, told how many values the weights hold.</param>
    /// <param name="wrap">Makes the model.</param>
    protected static TModel Load<TModel>(
        IHostEnvironment environment, object context, ModelVersion version, string stream, Func<TSettings, long, TNetwork> build, Func<TSettings, TNetwork, Device, TModel> wrap)
        where TModel : NetworkModel<TSettings, TNetwork>
    {
        var device = TrainingDevice.Choose(environment, null, null);
        TModel? model = null;
        MlNetInternals.Load(context, version, stream, reader =>
        {
            var (settings, network) = ModelPart.Read(reader, build);
            try
            {
                network.to(device);
                network.OwnWeights();
                model = wrap(settings, network, device);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        });
        return model!;
    }

    protected void CheckNotDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);
}
