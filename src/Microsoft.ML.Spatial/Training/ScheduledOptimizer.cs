using Microsoft.ML.Spatial.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>An optimiser over parameter sets whose learning rate follows the schedule.</summary>
internal sealed class ScheduledOptimizer : IDisposable
{
    private readonly optim.Optimizer _optimizer;
    private readonly (optim.ILearningRateController Group, double Factor)[] _groups;
    private readonly Parameter[] _parameters;
    private readonly TrainingSettings _settings;
    private readonly long _steps;
    private long _step;

    /// <param name="settings">Kind, values and schedule.</param>
    /// <param name="parameterSets">What learns; sets without parameters are passed over.</param>
    /// <param name="steps">Steps in the whole training, over which the schedule is spread.</param>
    public ScheduledOptimizer(TrainingSettings settings, IEnumerable<ParameterSet> parameterSets, long steps)
    {
        _settings = settings;
        _steps = steps;
        var sets = parameterSets.Where(set => set.Parameters.Count > 0).ToArray();
        _optimizer = settings.Optimizer switch
        {
            OptimizerKind.Adam => optim.Adam(
                sets.Select(set => new Adam.ParamGroup(set.Parameters, settings.LearningRate * set.LearningRateFactor, settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay)),
                settings.LearningRate, settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay),
            OptimizerKind.AdamW => optim.AdamW(
                sets.Select(set => new AdamW.ParamGroup(set.Parameters, settings.LearningRate * set.LearningRateFactor, settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay)),
                settings.LearningRate, settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay),
            OptimizerKind.Sgd => optim.SGD(
                sets.Select(set => new SGD.ParamGroup(set.Parameters, settings.LearningRate * set.LearningRateFactor, settings.Momentum, 0, settings.WeightDecay)),
                settings.LearningRate, settings.Momentum, 0, settings.WeightDecay),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Optimizer, null),
        };
        _parameters = [.. sets.SelectMany(set => set.Parameters)];
        _groups = _optimizer.ParamGroups.Zip(sets, (group, set) => (group, set.LearningRateFactor)).ToArray();
    }

    /// <summary>Learning rate of the latest step, before the sets' factors.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Goes one step down the gradient of a loss.</summary>
    public void Step(Tensor loss)
    {
        LearningRate = _settings.Schedule == LearningRateSchedule.Cosine
            ? _settings.LearningRate / 2 * (1 + Math.Cos(Math.PI * Math.Min(1, (double)_step / _steps)))
            : _settings.LearningRate;
        if (_step < _settings.WarmupSteps)
        {
            LearningRate *= (_step + 1.0) / _settings.WarmupSteps;
        }

        foreach (var (group, factor) in _groups)
        {
            group.LearningRate = LearningRate * factor;
        }

        _optimizer.zero_grad();
        loss.backward();
        if (_settings.GradientClip is { } longest)
        {
            nn.utils.clip_grad_norm_(_parameters, longest);
        }

        _optimizer.step();
        _step++;
    }

    public void Dispose() => _optimizer.Dispose();
}
