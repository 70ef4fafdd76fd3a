using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A thread's stack of dispose scopes and its lifetime counts.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? current;

    private readonly ThreadDisposeScopeStatistics statistics = new();

    public static ThreadDisposeScopeStatistics Statistics => Current.statistics;

    internal static DisposeScopeManager Current => current ??= new();

    /// <summary>The innermost open scope.</summary>
    internal DisposeScope? Scope { get; private set; }

    internal LifetimeStatistics Tensors => statistics.TensorStatistics;

    internal DisposeScope Open() => Scope = new DisposeScope(this, Scope);

    internal void Close(DisposeScope closed)
    {
        if (Scope == closed)
        {
            Scope = closed.Outer;
            return;
        }

        for (var scope = Scope; scope is not null; scope = scope.Outer)
        {
            if (scope.Outer != closed)
                continue;
            scope.Outer = closed.Outer;
            return;
        }
    }

    /// <summary>Counts a new tensor and puts it into the innermost scope.</summary>
    internal DisposeScope? Register(Tensor tensor)
    {
        if (Scope is null)
        {
            Tensors.CreatedOutsideScopeCount++;
            return null;
        }

        Tensors.CreatedInScopeCount++;
        Scope.Held.Add(tensor);
        return Scope;
    }

    internal void CountDisposal(Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null)
            Tensors.DisposedOutsideScopeCount++;
        else
            Tensors.DisposedInScopeCount++;
    }
}
