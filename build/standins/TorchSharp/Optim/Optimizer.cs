using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public interface ILearningRateController
        {
            double LearningRate { get; set; }
        }

        public interface IMomentum
        {
        }

        public interface IBetas
        {
        }

        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            /// <summary>There is no native optimiser to hold here.</summary>
            protected Optimizer(nint handle) => _ = handle;

            ~Optimizer() => Dispose(false);

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

            /// <summary>Sets the gradients that there are to zero.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    if (gradient is null)
                        continue;
                    using (no_grad())
                        gradient.zero_();
                }
            }

            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotSupportedException($"{GetType().Name} takes no steps.");

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>What an optimiser remembers: the objects it works with, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary(List<OptimizerState> state) => State = state;

                /// <summary>Of each parameter, group by group.</summary>
                public List<OptimizerState> State { get; }
            }
        }
    }
}
