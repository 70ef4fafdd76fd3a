using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors that its thread creates while it is the innermost scope, and disposes of them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? manager;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (this.manager, Outer) = (manager, outer);

    internal DisposeScope? Outer { get; set; }

    /// <summary>By reference: tensors compare by value.</summary>
    internal HashSet<IDisposable> Held { get; private set; } = new(ReferenceEqualityComparer.Instance);

    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Detach((IEnumerable<IDisposable>)[disposable]);
        return disposable;
    }

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        var open = Open;
        foreach (var disposable in disposables)
        {
            if (!Held.Remove(disposable))
                continue;
            open.Tensors.DetachedFromScopeCount++;
            Own(disposable, null);
        }
    }

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(Outer!, disposable);

    public T MoveToOther<T>(DisposeScope scope, T disposable)
        where T : IDisposable
    {
        MoveToOther(scope, (IEnumerable<IDisposable>)[disposable]);
        return disposable;
    }

    /// <summary>Without a scope to move to, this detaches.</summary>
    public void MoveToOther(DisposeScope scope, IEnumerable<IDisposable> disposables)
    {
        if (scope is null)
        {
            Detach(disposables);
            return;
        }

        foreach (var disposable in disposables)
        {
            if (Held.Contains(disposable))
                Take(disposable, scope);
        }
    }

    public void DisposeEverything() => DisposeEverythingBut((IEnumerable<IDisposable>)[]);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        var held = Held;
        Held = new(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in held)
        {
            if (!Held.Contains(disposable))
                disposable.Dispose();
        }
    }

    public void Dispose()
    {
        if (manager is null)
            return;
        DisposeEverything();
        manager.Close(this);
        manager = null;
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        Held.Remove(disposable);
        Own(disposable, null);
    }

    /// <summary>Puts one object in the place of another.</summary>
    internal void Replace(Tensor original, Tensor replacement)
    {
        if (!Held.Remove(original))
            return;
        original.OwningDisposeScope = null;
        Take(replacement, this);
    }

    private DisposeScopeManager Open
    {
        get
        {
            ObjectDisposedException.ThrowIf(manager is null, this);
            return manager;
        }
    }

    /// <summary>Moves a tensor into a scope, out of the one that it was in.</summary>
    private static bool Take(IDisposable disposable, DisposeScope scope)
    {
        if (disposable is not Tensor tensor)
            throw new InvalidOperationException($"A dispose scope holds tensors, and this is a {disposable.GetType().Name}: dispose of it yourself.");
        if (tensor.OwningDisposeScope == scope)
            return false;
        tensor.OwningDisposeScope?.Held.Remove(tensor);
        scope.Held.Add(tensor);
        tensor.OwningDisposeScope = scope;
        return true;
    }

    private static void Own(IDisposable disposable, DisposeScope? scope)
    {
        if (disposable is Tensor tensor)
            tensor.OwningDisposeScope = scope;
    }
}
