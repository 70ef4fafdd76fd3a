using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

public interface IParameterLessModule
{
    internal static InvalidOperationException Refusal(string kind, string name) =>
        new($"The {kind} '{name}' cannot be registered with a module that has no parameters.");
}

/// <summary>A module without parameters, with one argument.</summary>
public abstract class ParameterLessModule<T1, TResult> : Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw IParameterLessModule.Refusal("buffer", name);

    public override void register_parameter(string name, Parameter param) => throw IParameterLessModule.Refusal("parameter", name);

    public override void register_module(string name, Module submodule) => throw IParameterLessModule.Refusal("module", name);

    protected internal override Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

    protected internal override Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    protected internal override Module _to(ScalarType dtype, bool non_blocking) => this;
}

/// <summary>A module without parameters, with two arguments.</summary>
public abstract class ParameterLessModule<T1, T2, TResult> : Module<T1, T2, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw IParameterLessModule.Refusal("buffer", name);

    public override void register_parameter(string name, Parameter param) => throw IParameterLessModule.Refusal("parameter", name);

    public override void register_module(string name, Module submodule) => throw IParameterLessModule.Refusal("module", name);

    protected internal override Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

    protected internal override Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    protected internal override Module _to(ScalarType dtype, bool non_blocking) => this;
}
