using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimisers written in C# share.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    protected OptimizerOptions _defaults = new();

    /// <summary>By the parameter's handle.</summary>
    protected OrderedDict<nint, OptimizerState> _state = new();

    public OptimizerHelper()
        : base(0)
    {
    }

    public virtual StateDictionary state_dict() => new([.. _parameter_groups.SelectMany(group => group.Parameters).Select(parameter => _state[parameter.Handle])]);

    /// <summary>Runs the closure, which computes gradients, and then the body for each group: it records nothing and leaves no tensor behind.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using (enable_grad())
                loss = loss_closure();
        }

        using (no_grad())
        {
            using var scope = NewDisposeScope();
            foreach (var group in _parameter_groups)
                body((T)group);
        }

        return loss;
    }

    /// <summary>The state of each parameter that has a gradient.</summary>
    private protected IEnumerable<(Parameter Parameter, Tensor Gradient, TState State)> Learning<TState>(ParamGroup group)
        where TState : OptimizerState
    {
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is { } gradient)
                yield return (parameter, gradient, (TState)_state[parameter.Handle]);
        }
    }

    private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> remember)
    {
        group.Options.LearningRate ??= _defaults.LearningRate;
        group.Parameters = [.. group.Parameters];
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = remember(parameter);
            state.Initialize(group.Options);
            _state[parameter.Handle] = state;
        }
    }

    private protected void Forget()
    {
        foreach (var state in _state.values())
            (state as IDisposable)?.Dispose();
        _state.Clear();
    }
}
