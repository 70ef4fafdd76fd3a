using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment of one component: what its parent has, and a name and random numbers of its own.</summary>
internal sealed class LocalHost : EnvironmentNode, IHost
{
    private readonly EnvironmentNode _parent;

    public LocalHost(EnvironmentNode parent, string fullName, Random random)
        : base(random)
    {
        _parent = parent;
        FullName = fullName;
    }

    public Random Rand => Random;

    public override string FullName { get; }

    public override int? Seed => _parent.Seed;

    public override int? GpuDeviceId
    {
        get => _parent.GpuDeviceId;
        set => _parent.GpuDeviceId = value;
    }

    public override bool FallbackToCpu
    {
        get => _parent.FallbackToCpu;
        set => _parent.FallbackToCpu = value;
    }

    public override ComponentCatalog ComponentCatalog => _parent.ComponentCatalog;

    public override Action<string, ChannelMessage> Listener => _parent.Listener;

    protected override string ParentName => _parent.FullName;
}
