using Microsoft.ML.Runtime;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Persistence;
using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Components;

/// <summary>What the transformers of a trained spatial transformer network share.</summary>
public abstract class SpatialTransformerTransformerBase : ImageScoringTransformer
{
    private readonly ModelVersion _version;

    private protected SpatialTransformerTransformerBase(IHostEnvironment environment, SpatialTransformerModel model, ModelVersion version)
        : base(environment, model)
    {
        Model = model;
        _version = version;
    }

    /// <summary>Number of values that training learns.</summary>
    public long ParameterCount => Model.Network.ParameterCount;

    /// <summary>The shape of the network: architecture, transformation, number of transformers and sizes; what it takes to read theta.</summary>
    public SpatialNetworkSpec NetworkSpec => Model.Settings.ToNetworkSpec();

    /// <summary>What each finished epoch of the training came to.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs => Model.Settings.Epochs;

    internal SpatialTransformerModel Model { get; }

    private protected override void Save(ModelSaveContext context) => Model.Save(context, _version);
}
