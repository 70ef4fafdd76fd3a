namespace TorchSharp;

/// <summary>How many objects of a kind this thread has created and disposed of, inside and outside dispose scopes.</summary>
public class LifetimeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }
    public long DisposedOutsideScopeCount { get; internal set; }
    public long CreatedInScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long AttachedToScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }

    public long ThreadTotalLiveCount => CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public override string ToString() =>
        $"live {ThreadTotalLiveCount}; created {CreatedInScopeCount} in scopes and {CreatedOutsideScopeCount} outside; "
        + $"disposed {DisposedInScopeCount} in scopes and {DisposedOutsideScopeCount} outside; "
        + $"attached {AttachedToScopeCount}; detached {DetachedFromScopeCount}";
}
