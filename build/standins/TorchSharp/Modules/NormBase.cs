using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What normalisations with running statistics have.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _running_mean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor? _running_var;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _num_batches_tracked;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(name)
    {
        (this.eps, this.momentum, this.track_running_stats) = (eps, momentum, track_running_stats);
        if (affine)
        {
            weight = Ones(num_features, dtype, device).AsParameter();
            bias = zeros(new[] { num_features }, dtype, device).AsParameter();
        }

        if (track_running_stats)
        {
            running_mean = zeros(new[] { num_features }, dtype, device);
            running_var = Ones(num_features, dtype, device);
            num_batches_tracked = zeros(Array.Empty<long>(), ScalarType.Int64, device);
        }
    }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool track_running_stats { get; }

    public Parameter? weight
    {
        get => _weight;
        set => SetParameter(ref _weight, value, nameof(weight));
    }

    public Parameter? bias
    {
        get => _bias;
        set => SetParameter(ref _bias, value, nameof(bias));
    }

    public Tensor? running_mean
    {
        get => _running_mean;
        set => SetBuffer(ref _running_mean, value, nameof(running_mean));
    }

    public Tensor? running_var
    {
        get => _running_var;
        set => SetBuffer(ref _running_var, value, nameof(running_var));
    }

    public Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        set => SetBuffer(ref _num_batches_tracked, value, nameof(num_batches_tracked));
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    private static Tensor Ones(long size, ScalarType? dtype, Device? device) => Aten.InPlace("fill_.Scalar", zeros(new[] { size }, dtype, device), 1);

    private void SetBuffer(ref Tensor? slot, Tensor? value, string name)
    {
        if (ReferenceEquals(slot, value))
            return;
        slot?.Dispose();
        value?.DetachFromDisposeScope();
        slot = value;
        ConditionallyRegisterBuffer(name, value);
    }
}
