using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises each channel by its mean and variance over a batch, in evaluation by running ones.</summary>
public abstract class BatchNorm : NormBase
{
    public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        if (training && track_running_stats)
            num_batches_tracked!.add_(1);
        return Aten.Call("batch_norm", input, weight, bias, running_mean, running_var, training || running_mean is null, momentum ?? 0.1, eps, true);
    }
}
