using System.Runtime.InteropServices;
using System.Text;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>A custom function: one object of T, which must hold no state, serves every call.</summary>
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            protected Function()
            {
            }

            public abstract string Name { get; }
        }

        /// <summary>A custom function with one result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            private static readonly T Instance = new();

            protected SingleTensorFunction()
            {
            }

            public static unsafe Tensor apply(params object[] vars)
            {
                var context = new AutogradContext();
                Tensor output;
                using (no_grad())
                    output = Instance.forward(context, vars);

                var inputs = vars.OfType<Tensor>().Where(tensor => !tensor.IsInvalid).ToList();
                var call = new FunctionCall(
                    Instance.Name, context, [.. vars.Select(value => value is Tensor { IsInvalid: false })], gradient => Instance.backward(context, gradient));
                var state = GCHandle.Alloc(call);
                nint wrapped;
                fixed (nint* ins = HandlesOf(inputs), saved = HandlesOf(context.Saved))
                {
                    context.Node = NativeMethods.bridge_attach(
                        ins, inputs.Count, output.Handle, saved, context.Saved.Count, context.MaterializesGrads ? 1 : 0, &FunctionCall.Backward, &FunctionCall.Release, (long)GCHandle.ToIntPtr(state), &wrapped);
                }

                GC.KeepAlive(inputs);
                GC.KeepAlive(output);
                context.SavedCount = context.Saved.Count;
                context.Forget();
                if (context.Node == 0)
                {
                    // No gradient is needed, or the output could not be attached.
                    state.Free();
                    if (NativeMethods.LastError.Length > 0)
                        throw NativeMethods.Failure();
                }

                return new Tensor(wrapped);
            }

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);
        }

        /// <summary>One call of a custom function, as its node in the graph knows it.</summary>
        private sealed class FunctionCall(string name, AutogradContext context, bool[] isTensor, Func<Tensor, List<Tensor>> backward)
        {
            [UnmanagedCallersOnly]
            internal static unsafe int Backward(long state, nint gradient, nint* results, int resultCount, byte* message, int messageSize)
            {
                try
                {
                    // Whoever receives the gradient disposes of it, as of every other tensor.
                    ((FunctionCall)GCHandle.FromIntPtr((nint)state).Target!).Run(new Tensor(gradient), new Span<nint>(results, resultCount));
                    return 0;
                }
                catch (Exception e)
                {
                    var room = new Span<byte>(message, messageSize - 1);
                    Encoding.UTF8.GetEncoder().Convert(e.Message, room, flush: true, out _, out var written, out _);
                    message[written] = 0;
                    return 1;
                }
            }

            [UnmanagedCallersOnly]
            internal static void Release(long state)
            {
                var handle = GCHandle.FromIntPtr((nint)state);
                ((FunctionCall)handle.Target!).Forget();
                handle.Free();
            }

            private void Forget() => context.Dispose();

            private void Run(Tensor gradient, Span<nint> results)
            {
                var computed = backward(gradient);
                if (computed.Count < isTensor.Length || computed.Skip(isTensor.Length).Any(extra => extra is { IsInvalid: false }))
                    throw new NotImplementedException($"Function {name} returned {computed.Count} gradients for {isTensor.Length} arguments.");
                var result = 0;
                for (var i = 0; i < isTensor.Length; i++)
                {
                    var one = computed[i] is { IsInvalid: false } ? computed[i] : null;
                    if (isTensor[i])
                        results[result++] = one is null ? 0 : NativeMethods.bridge_alias(one.Handle);
                    else if (one is not null)
                        throw new NotImplementedException($"Function {name} returned a gradient for argument {i}, which is no tensor: return null there.");
                }

                GC.KeepAlive(computed);
            }
        }
    }
}
