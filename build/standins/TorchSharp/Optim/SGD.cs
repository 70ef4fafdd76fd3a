using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Gradient descent, with momentum if asked for.</summary>
        public class SGD : OptimizerHelper, optim.IMomentum
        {
            public SGD(
                IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
                : this(
                    [new ParamGroup(parameters, lr, momentum, dampening, weight_decay, nesterov, maximize)],
                    lr, momentum, dampening, weight_decay, nesterov, maximize)
            {
            }

            public SGD(
                IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
            {
                if (nesterov && (momentum <= 0 || dampening != 0))
                    throw new ArgumentException("Nesterov momentum needs a momentum above zero and no dampening.", nameof(nesterov));
                _defaults = new Options(lr, momentum, dampening, weight_decay, nesterov, maximize);
                foreach (var group in parameters)
                    add_param_group(group);
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                param_group.Options ??= new Options();
                ((Options)param_group.Options).FillFrom((Options)_defaults);
                Add(param_group, parameter => new State(parameter));
            }

            public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

            protected override void Dispose(bool disposing)
            {
                if (disposing)
                    Forget();
                base.Dispose(disposing);
            }

            private void Step(ParamGroup group)
            {
                var options = group.Options;
                var (rate, momentum, decay) = (group.LearningRate, options.momentum!.Value, options.weight_decay!.Value);
                foreach (var (parameter, raw, state) in Learning<State>(group))
                {
                    var gradient = options.maximize!.Value ? raw.neg() : raw;
                    if (decay != 0)
                        gradient = gradient.add(parameter, decay);
                    if (momentum != 0)
                    {
                        if (state.momentum_buffer is null)
                            state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                        else
                            state.momentum_buffer.mul_((Scalar)momentum).add_(gradient, 1 - options.dampening!.Value);
                        gradient = options.nesterov!.Value ? gradient.add(state.momentum_buffer, momentum) : state.momentum_buffer;
                    }

                    parameter.add_(gradient, -rate);
                }
            }

            public class Options : OptimizerOptions
            {
                public double? momentum;
                public double? dampening;
                public double? weight_decay;
                public bool? nesterov;
                public bool? maximize;

                public Options()
                {
                }

                internal Options(double rate, double momentum, double dampening, double weightDecay, bool nesterov, bool maximize)
                {
                    LearningRate = rate;
                    (this.momentum, this.dampening, weight_decay) = (momentum, dampening, weightDecay);
                    (this.nesterov, this.maximize) = (nesterov, maximize);
                }

                internal void FillFrom(Options defaults)
                {
                    LearningRate ??= defaults.LearningRate;
                    momentum ??= defaults.momentum;
                    dampening ??= defaults.dampening;
                    weight_decay ??= defaults.weight_decay;
                    nesterov ??= defaults.nesterov;
                    maximize ??= defaults.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IMomentum
            {
                public ParamGroup()
                {
                }

                public ParamGroup(IEnumerable<Parameter> parameters, Options? options)
                    : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0,
                    bool nesterov = false, bool maximize = false)
                    : base(parameters, new Options(lr, momentum, dampening, weight_decay, nesterov, maximize))
                {
                }
            }

            public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
            {
                /// <summary>From the first step with momentum on.</summary>
                public Tensor? momentum_buffer;

                public override void Initialize(OptimizerOptions options) => momentum_buffer = null;

                public void Dispose() => momentum_buffer?.Dispose();
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(
                IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(
                IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
