using Microsoft.ML.Runtime;

namespace Microsoft.ML.Spatial.Tests.Components;

/// <summary>An environment and its hosts that hand everything on to another, and keep the checkpoints of progress channels.</summary>
internal sealed class WatchedEnvironment(IHostEnvironment inner) : IHost
{
    /// <summary>The values of each checkpoint.</summary>
    public List<double?[]> Checkpoints { get; private init; } = [];

    public Random Rand => ((IHost)inner).Rand;

    public ComponentCatalog ComponentCatalog => inner.ComponentCatalog;

    public string ContextDescription => inner.ContextDescription;

    public IHost Register(string name, int? seed = null, bool? verbose = null) => new WatchedEnvironment(inner.Register(name, seed, verbose)) { Checkpoints = Checkpoints };

    public IChannel Start(string name) => inner.Start(name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => inner.StartPipe<TMessage>(name);

    public IProgressChannel StartProgressChannel(string name) => new Channel(inner.StartProgressChannel(name), Checkpoints);

    public TException Process<TException>(TException ex)
        where TException : Exception => inner.Process(ex);

    private sealed class Channel(IProgressChannel inner, List<double?[]> checkpoints) : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => inner.SetHeader(header, fillAction);

        public void Checkpoint(params double?[] values)
        {
            checkpoints.Add(values);
            inner.Checkpoint(values);
        }

        public IProgressChannel StartProgressChannel(string name) => inner.StartProgressChannel(name);

        public void Dispose() => inner.Dispose();
    }
}
