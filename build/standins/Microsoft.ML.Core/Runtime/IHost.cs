namespace Microsoft.ML.Runtime;

/// <summary>The environment of one component, with its own random numbers.</summary>
public interface IHost : IHostEnvironment, IChannelProvider, IExceptionContext, IProgressChannelProvider
{
    Random Rand { get; }
}
