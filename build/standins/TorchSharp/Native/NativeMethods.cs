using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>The entries of torch_bridge.cpp. Handles are freed by whoever receives them.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "libspatial_torch.so";

    [LibraryImport(Library)]
    internal static partial nint bridge_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint bridge_operator(string name, string overload);

    [LibraryImport(Library)]
    internal static partial int bridge_call(nint op, NativeValue* arguments, int count, NativeValue* results, int room);

    [LibraryImport(Library)]
    internal static partial void bridge_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial int bridge_properties(nint tensor, TensorProperties* result);

    [LibraryImport(Library)]
    internal static partial void bridge_sizes(nint tensor, long* result);

    [LibraryImport(Library)]
    internal static partial void bridge_strides(nint tensor, long* result);

    [LibraryImport(Library)]
    internal static partial nint bridge_data(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint bridge_alias(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint bridge_gradient(nint tensor);

    [LibraryImport(Library)]
    internal static partial int bridge_set_gradient(nint tensor, nint gradient);

    [LibraryImport(Library)]
    internal static partial int bridge_grad_mode(int enabled);

    [LibraryImport(Library)]
    internal static partial int bridge_grad_enabled();

    [LibraryImport(Library)]
    internal static partial int bridge_backward(nint* roots, nint* gradients, int rootCount, nint* inputs, int inputCount, int keepGraph, int createGraph);

    [LibraryImport(Library)]
    internal static partial nint bridge_attach(
        nint* inputs, int inputCount, nint output, nint* saved, int savedCount, int materialize,
        delegate* unmanaged<long, nint, nint*, int, byte*, int, int> backward, delegate* unmanaged<long, void> release, long state, nint* result);

    [LibraryImport(Library)]
    internal static partial int bridge_saved(nint node, nint* results);

    [LibraryImport(Library)]
    internal static partial nint bridge_generator(long seed);

    [LibraryImport(Library)]
    internal static partial nint bridge_default_generator();

    [LibraryImport(Library)]
    internal static partial void bridge_free_generator(nint generator);

    [LibraryImport(Library)]
    internal static partial nint bridge_generator_state(nint generator);

    [LibraryImport(Library)]
    internal static partial int bridge_set_generator_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial int bridge_threads();

    [LibraryImport(Library)]
    internal static partial int bridge_set_threads(int count);

    /// <summary>What libtorch said about the last failure on this thread.</summary>
    internal static string LastError => Marshal.PtrToStringUTF8(bridge_error()) ?? "";

    internal static ExternalException Failure() => new(LastError);

    /// <summary>Turns a failed call, which returns a negative number, into an exception.</summary>
    internal static int Check(int result) => result >= 0 ? result : throw Failure();

    /// <summary>Turns a failed call, which returns null, into an exception.</summary>
    internal static nint Check(nint result) => result != 0 ? result : throw Failure();
}
