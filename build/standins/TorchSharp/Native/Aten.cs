using System.Collections.Concurrent;
using System.Text;
using static TorchSharp.Native.NativeMethods;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Calls operators of libtorch by name: "add.Tensor" is the overload Tensor of aten::add. Arguments that are left away take the defaults of
/// the operator's schema, and the bridge converts those given to what the schema asks for.
/// </summary>
internal static unsafe class Aten
{
    private static readonly ConcurrentDictionary<string, nint> Handles = new();

    /// <summary>An operator with one tensor for its result.</summary>
    internal static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return new Tensor((nint)result.Bits);
    }

    /// <summary>An operator that writes into its first argument, which is also the result.</summary>
    internal static Tensor InPlace(string name, Tensor target, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, [target, .. arguments], null, 0);
        return target;
    }

    internal static bool CallBool(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return result.Bits != 0;
    }

    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, NativeValue* results, int room)
    {
        if (!Handles.TryGetValue(name, out var op))
            op = Handles.GetOrAdd(name, Find(name));

        var words = 0;
        foreach (ref readonly var argument in arguments)
            words += WordsOf(argument);
        var heap = words > 256 ? new long[words] : null;
        var stack = stackalloc long[heap is null ? words : 0];
        fixed (long* pinned = heap)
        {
            var room64 = heap is null ? stack : pinned;
            var values = stackalloc NativeValue[arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                values[i] = Lower(arguments[i], room64);
                room64 += WordsOf(arguments[i]);
            }

            Check(bridge_call(op, values, arguments.Length, results, room));
        }

        foreach (ref readonly var argument in arguments)
            GC.KeepAlive(argument.Reference);
    }

    private static nint Find(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return Check(dot < 0 ? bridge_operator("aten::" + name, "") : bridge_operator("aten::" + name[..dot], name[(dot + 1)..]));
    }

    /// <summary>How many words of memory an argument's elements take.</summary>
    private static int WordsOf(in Argument argument) => argument.Reference switch
    {
        Array array => array.Length,
        string text => (Encoding.UTF8.GetByteCount(text) + sizeof(long) - 1) / sizeof(long),
        _ => 0,
    };

    private static NativeValue Lower(in Argument argument, long* memory)
    {
        var value = new NativeValue { Kind = argument.Kind, Bits = argument.Bits };
        switch (argument.Reference)
        {
            case Tensor tensor:
                value.Bits = tensor.Handle;
                break;
            case Device device:
                value.Count = (int)device.type;
                value.Bits = device.index;
                break;
            case Generator generator:
                value.Bits = generator.Handle;
                break;
            case long[] integers:
                integers.CopyTo(new Span<long>(memory, integers.Length));
                (value.Count, value.Bits) = (integers.Length, (nint)memory);
                break;
            case Tensor[] tensors:
                for (var i = 0; i < tensors.Length; i++)
                    memory[i] = tensors[i].Handle;
                (value.Count, value.Bits) = (tensors.Length, (nint)memory);
                break;
            case string text:
                value.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(memory, WordsOf(argument) * sizeof(long)));
                value.Bits = (nint)memory;
                break;
        }

        return value;
    }
}
