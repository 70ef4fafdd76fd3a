using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Enumerates a source once on a thread of its own, a few items ahead of its consumer.</summary>
/// <remarks>An error of the source reaches the consumer after the items before it. Disposing ends the source and disposes what was read and not taken.</remarks>
internal sealed class ReadAhead<T> : IEnumerable<T>, IDisposable
    where T : IDisposable
{
    private readonly BlockingCollection<T> _items;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;
    private ExceptionDispatchInfo? _error;

    public ReadAhead(IEnumerable<T> source, int capacity)
    {
        _items = new BlockingCollection<T>(capacity);
        _reader = Task.Factory.StartNew(() => Read(source), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var item in _items.GetConsumingEnumerable())
        {
            yield return item;
        }

        _error?.Throw();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        _stop.Cancel();
        _reader.Wait();
        foreach (var item in _items.GetConsumingEnumerable())
        {
            item.Dispose();
        }

        _items.Dispose();
        _stop.Dispose();
    }

    private void Read(IEnumerable<T> source)
    {
        try
        {
            foreach (var item in source)
            {
                try
                {
                    _items.Add(item, _stop.Token);
                }
                catch (OperationCanceledException) when (_stop.IsCancellationRequested)
                {
                    item.Dispose();
                    return;
                }
            }
        }
#pragma warning disable CA1031 // whatever the source throws is thrown again on the consumer's thread
        catch (Exception error)
#pragma warning restore CA1031
        {
            _error = ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            _items.CompleteAdding();
        }
    }
}
