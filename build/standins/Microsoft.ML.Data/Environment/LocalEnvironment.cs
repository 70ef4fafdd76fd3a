using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment of one context.</summary>
internal sealed class LocalEnvironment : EnvironmentNode
{
    public LocalEnvironment(int? seed, Action<string, ChannelMessage> listener)
        : base(seed is int value ? new Random(value) : new Random())
    {
        Seed = seed;
        Listener = listener;
    }

    public override int? Seed { get; }

    public override int? GpuDeviceId { get; set; }

    public override bool FallbackToCpu { get; set; }

    public override ComponentCatalog ComponentCatalog { get; } = new();

    public override Action<string, ChannelMessage> Listener { get; }
}
