namespace Microsoft.ML.Runtime;

/// <summary>What the environment of a context says beside its public face.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    int? GpuDeviceId { get; set; }

    bool FallbackToCpu { get; set; }
}
