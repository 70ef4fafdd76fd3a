namespace TorchSharp;

/// <summary>The lifetime counts of one thread.</summary>
public class ThreadDisposeScopeStatistics
{
    public LifetimeStatistics TensorStatistics { get; } = new();

    public override string ToString() => TensorStatistics.ToString();
}
