using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Normalises each group of channels of each picture by its own mean and variance.</summary>
        public sealed class GroupNorm : nn.Module<Tensor, Tensor>
        {
            [ComponentName(Name = nameof(weight))]
            private Parameter? _weight;

            [ComponentName(Name = nameof(bias))]
            private Parameter? _bias;

            private readonly long _groups;
            private readonly double _eps;

            internal GroupNorm(long groups, long channels, double eps, bool affine, Device? device, ScalarType? dtype)
                : base(nameof(GroupNorm))
            {
                (_groups, _eps) = (groups, eps);
                if (affine)
                {
                    weight = nn.init.constant_(empty([channels], dtype, device), 1).AsParameter();
                    bias = zeros([channels], dtype, device).AsParameter();
                }
            }

            public Parameter weight
            {
                get => _weight!;
                set => SetParameter(ref _weight, value, nameof(weight));
            }

            public Parameter bias
            {
                get => _bias!;
                set => SetParameter(ref _bias, value, nameof(bias));
            }

            public override Tensor forward(Tensor tensor) => Aten.Call("group_norm", tensor, _groups, _weight, _bias, _eps, true);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.GroupNorm GroupNorm(
                long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
