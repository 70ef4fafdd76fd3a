using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>x Wᵀ + b.</summary>
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            [ComponentName(Name = nameof(weight))]
            private Parameter? _weight;

            [ComponentName(Name = nameof(bias))]
            private Parameter? _bias;

            internal Linear(long inputs, long outputs, bool hasBias, Device? device, ScalarType? dtype)
                : base(nameof(Linear))
            {
                weight = empty([outputs, inputs], dtype, device).AsParameter();
                bias = hasBias ? empty([outputs], dtype, device).AsParameter() : null;
                nn.init.Defaults(weight, bias);
            }

            internal Linear(Parameter weight, Parameter? bias)
                : base(nameof(Linear))
            {
                this.weight = weight;
                this.bias = bias;
            }

            public Parameter weight
            {
                get => _weight!;
                set => SetParameter(ref _weight, value, nameof(weight));
            }

            public Parameter? bias
            {
                get => _bias;
                set => SetParameter(ref _bias, value, nameof(bias));
            }

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter? bias = null) => new(weight, bias);
        }
    }
}
