using System.Globalization;
using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>An optimiser over parameter sets whose learning rate follows the schedule.</summary>
internal sealed class ScheduledOptimizer : IDisposable
{
    private const string MeanName = "exp_avg";
    private const string SquareName = "exp_avg_sq";
    private const string MomentumName = "momentum_buffer";

    private readonly OptimizerHelper _optimizer;
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

    /// <summary>How far the optimiser has come, apart from <see cref="Tensors"/>.</summary>
    public OptimizerProgress Progress => new(
        _step,
        LearningRate,
        [.. States().Select(state => state switch
        {
            Adam.State adam => adam.step,
            AdamW.State adamW => adamW.step,
            _ => 0,
        })],
        [.. _parameters.Select(parameter =>
        {
            using var gradient = parameter.grad;
            return gradient is not null;
        })]);

    /// <summary>What the optimiser remembers of its parameters: names of the parameter's number and of what it is, and the living tensors.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors => States().SelectMany((state, i) => Remembered(state).Select(entry => (Key(i, entry.Name), entry.Value)));

    /// <summary>Goes on as an optimiser that has come so far.</summary>
    /// <param name="progress">Its <see cref="Progress"/>.</param>
    /// <param name="tensors">Its <see cref="Tensors"/>, which are copied.</param>
    /// <exception cref="FormatException">They are of other parameters.</exception>
    public void Restore(OptimizerProgress progress, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var states = States();
        if (progress.ParameterSteps.Length != states.Count || progress.HasGradient.Length != states.Count)
        {
            throw new FormatException($"Its optimiser has {progress.ParameterSteps.Length} parameters, that of this network {states.Count}.");
        }

        (_step, LearningRate) = (progress.Step, progress.LearningRate);
        using var noGradient = no_grad();
        for (var i = 0; i < states.Count; i++)
        {
            switch (states[i])
            {
                case Adam.State adam:
                    adam.step = progress.ParameterSteps[i];
                    Put(ref adam.exp_avg, Key(i, MeanName), _parameters[i], tensors);
                    Put(ref adam.exp_avg_sq, Key(i, SquareName), _parameters[i], tensors);
                    break;
                case AdamW.State adamW:
                    adamW.step = progress.ParameterSteps[i];
                    Put(ref adamW.exp_avg, Key(i, MeanName), _parameters[i], tensors);
                    Put(ref adamW.exp_avg_sq, Key(i, SquareName), _parameters[i], tensors);
                    break;
                case SGD.State sgd when tensors.ContainsKey(Key(i, MomentumName)):
                    Put(ref sgd.momentum_buffer!, Key(i, MomentumName), _parameters[i], tensors);
                    break;
            }

            // A gradient that is zero counts, for momentum and weight decay, where one that was never there does not.
            if (progress.HasGradient[i])
            {
                using var zeros = TensorFactory.Zeros(_parameters[i].shape, _parameters[i].dtype, _parameters[i].device);
                _parameters[i].grad = zeros;
            }
        }
    }

    /// <summary>Goes one step down the gradient of a loss.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="epoch">The epoch that the step belongs to, from 1.</param>
    public void Step(Tensor loss, int epoch)
    {
        LearningRate = _settings.Schedule switch
        {
            LearningRateSchedule.Cosine => _settings.LearningRate / 2 * (1 + Math.Cos(Math.PI * Math.Min(1, (double)_step / _steps))),
            LearningRateSchedule.Step => _settings.LearningRate * Math.Pow(_settings.StepFactor, _settings.StepEpochs.Count(after => epoch > after)),
            _ => _settings.LearningRate,
        };
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

    private static (string Name, Tensor Value)[] Remembered(OptimizerState state) => state switch
    {
        Adam.State adam => [(MeanName, adam.exp_avg), (SquareName, adam.exp_avg_sq)],
        AdamW.State adamW => [(MeanName, adamW.exp_avg), (SquareName, adamW.exp_avg_sq)],
        SGD.State { momentum_buffer: { } momentum } => [(MomentumName, momentum)],
        _ => [],
    };

    private static string Key(int parameter, string name) => string.Create(CultureInfo.InvariantCulture, $"{parameter}/{name}");

    private static void Put(ref Tensor remembered, string key, Parameter parameter, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var found = tensors.GetValueOrDefault(key);
        if (found is null || !found.shape.SequenceEqual(parameter.shape) || found.dtype != parameter.dtype)
        {
            throw new FormatException($"Its optimiser has no tensor '{key}' of the shape and type of that parameter of the network.");
        }

        remembered ??= TensorFactory.Zeros(parameter.shape, parameter.dtype, parameter.device).DetachFromDisposeScope();
        remembered.copy_(found);
    }

    /// <summary>The optimiser's own state of each parameter, in the order of <see cref="_parameters"/>; what is changed there is changed in the optimiser.</summary>
    private List<OptimizerState> States() => _optimizer.state_dict().State;
}
