using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Adam, with weight decay beside the gradient.</summary>
        public class AdamW : OptimizerHelper, optim.IBetas
        {
            public AdamW(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0,
                bool amsgrad = false, bool maximize = false)
                : this(
                    [new ParamGroup(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)],
                    lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
            {
            }

            public AdamW(
                IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0,
                bool amsgrad = false, bool maximize = false)
            {
                _defaults = new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
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
                var (rate, decay) = (group.LearningRate, options.weight_decay!.Value);
                var moments = new AdamMoments(rate, options.beta1!.Value, options.beta2!.Value, options.eps!.Value);
                foreach (var (parameter, raw, state) in Learning<State>(group))
                {
                    var gradient = options.maximize!.Value ? raw.neg() : raw;
                    if (decay != 0)
                        parameter.mul_((Scalar)(1 - (rate * decay)));
                    moments.Apply(parameter, gradient, ++state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq);
                }
            }

            public class Options : OptimizerOptions
            {
                public double? beta1;
                public double? beta2;
                public double? eps;
                public double? weight_decay;
                public bool? amsgrad;
                public bool? maximize;

                public Options()
                {
                }

                internal Options(double rate, double beta1, double beta2, double eps, double weightDecay, bool amsgrad, bool maximize)
                {
                    LearningRate = rate;
                    (this.beta1, this.beta2, this.eps, weight_decay, this.amsgrad, this.maximize) = (beta1, beta2, eps, weightDecay, amsgrad, maximize);
                }

                internal void FillFrom(Options defaults)
                {
                    LearningRate ??= defaults.LearningRate;
                    beta1 ??= defaults.beta1;
                    beta2 ??= defaults.beta2;
                    eps ??= defaults.eps;
                    weight_decay ??= defaults.weight_decay;
                    amsgrad ??= defaults.amsgrad;
                    maximize ??= defaults.maximize;
                }
            }

            public class ParamGroup : ParamGroup<Options>, optim.IBetas
            {
                public ParamGroup()
                {
                }

                public ParamGroup(IEnumerable<Parameter> parameters, Options? options)
                    : base(parameters, options)
                {
                }

                public ParamGroup(
                    IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0,
                    bool amsgrad = false, bool maximize = false)
                    : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
                {
                }
            }

            public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
            {
                public long step;
                public Tensor exp_avg = null!;
                public Tensor exp_avg_sq = null!;

                /// <summary>Only for AMSGrad.</summary>
                public Tensor? max_exp_avg_sq;

                public override void Initialize(OptimizerOptions options)
                {
                    step = 0;
                    exp_avg = Zeros();
                    exp_avg_sq = Zeros();
                    max_exp_avg_sq = ((Options)options).amsgrad == true ? Zeros() : null;
                }

                public void Dispose()
                {
                    exp_avg.Dispose();
                    exp_avg_sq.Dispose();
                    max_exp_avg_sq?.Dispose();
                }

                private Tensor Zeros() => _parameter.zeros_like().DetachFromDisposeScope();
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0,
                bool amsgrad = false, bool maximize = false) => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(
                IEnumerable<AdamW.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
