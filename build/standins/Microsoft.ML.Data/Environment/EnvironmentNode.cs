using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What an environment and the hosts registered in it have in common.</summary>
internal abstract class EnvironmentNode : IHostEnvironmentInternal
{
    private readonly Lock _lock = new();
    private readonly Random _random;

    protected EnvironmentNode(Random random) => _random = random;

    public abstract int? Seed { get; }

    public abstract int? GpuDeviceId { get; set; }

    public abstract bool FallbackToCpu { get; set; }

    public abstract ComponentCatalog ComponentCatalog { get; }

    /// <summary>Takes the messages of all channels, each with the name of its source.</summary>
    public abstract Action<string, ChannelMessage> Listener { get; }

    /// <summary>The name that messages carry; null for the environment itself.</summary>
    public virtual string FullName => null;

    public string ContextDescription => FullName;

    /// <summary>The full name of what this was registered in.</summary>
    protected virtual string ParentName => null;

    protected Random Random => _random;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_lock)
        {
            return new LocalHost(this, Join(ParentName, name), new Random(seed ?? _random.Next()));
        }
    }

    public IChannel Start(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Channel(Join(FullName, name), Listener);
    }

    public IPipe<TMessage> StartPipe<TMessage>(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Action<string, TMessage> listener = Listener as Action<string, TMessage> ?? ((_, _) => { });
        return new Pipe<TMessage>(Join(FullName, name), listener);
    }

    public IProgressChannel StartProgressChannel(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ProgressChannel();
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        ex?.Data["Throwing component"] = FullName;
        return ex;
    }

    private static string Join(string parent, string name) => parent == null ? name : $"{parent}; {name}";
}
