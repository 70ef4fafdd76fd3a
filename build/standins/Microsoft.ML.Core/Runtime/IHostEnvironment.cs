namespace Microsoft.ML.Runtime;

/// <summary>What components live in: messages, progress, seeded randomness, and a catalogue of components.</summary>
public interface IHostEnvironment : IChannelProvider, IExceptionContext, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }

    IHost Register(string name, int? seed = null, bool? verbose = null);
}
