using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Sets torch's number of threads for a while.</summary>
/// <remarks>The number belongs to the whole process: of scopes that overlap the latest sets it, and the last to end puts back what the first found.</remarks>
internal sealed class ThreadScope : IDisposable
{
    private static readonly Lock Gate = new();
    private static int _open;
    private static int _found;
    private readonly bool _sets;

    public ThreadScope(int? threads)
    {
        if (threads is not int number)
        {
            return;
        }

        _sets = true;
        lock (Gate)
        {
            if (_open++ == 0)
            {
                _found = get_num_threads();
            }

            // Set even where torch has the number already: its BLAS may not.
            set_num_threads(number);
        }
    }

    public void Dispose()
    {
        if (!_sets)
        {
            return;
        }

        lock (Gate)
        {
            if (--_open == 0)
            {
                set_num_threads(_found);
            }
        }
    }
}
