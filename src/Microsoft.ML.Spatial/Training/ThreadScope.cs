using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Sets torch's number of threads for a while and puts it back.</summary>
internal sealed class ThreadScope : IDisposable
{
    private readonly int? _found;

    public ThreadScope(int? threads)
    {
        if (threads is int number)
        {
            // Set even where torch has the number already: its BLAS may not.
            _found = get_num_threads();
            set_num_threads(number);
        }
    }

    public void Dispose()
    {
        if (_found is int number)
        {
            set_num_threads(number);
        }
    }
}
