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
            private static readonly T Instance = new();

            protected Function()
            {
            }

            public abstract string Name { get; }

            public static unsafe List<Tensor> apply_internal(params object[] vars)
            {
                var context = new AutogradContext();
                List<Tensor> outputs;
                using (no_grad())
                    outputs = Instance.Forward(context, vars);

                var inputs = vars.OfType<Tensor>().Where(tensor => !tensor.IsInvalid).ToList();
                var call = new FunctionCall(
                    Instance.Name, context, [.. vars.Select(value => value is Tensor { IsInvalid: false })], gradients => Instance.Backward(context, gradients));
                var state = GCHandle.Alloc(call);
                var wrapped = new nint[outputs.Count];
                nint node;
                fixed (nint* ins = HandlesOf(inputs), outs = HandlesOf(outputs), saved = HandlesOf(context.Saved), results = wrapped,
                       constant = HandlesOf(context.NotDifferentiable), dirty = HandlesOf(context.Dirty))
                {
                    node = NativeMethods.bridge_attach(
                        ins, inputs.Count, outs, outputs.Count, saved, context.Saved.Count, constant, context.NotDifferentiable.Count, dirty, context.Dirty.Count,
                        context.MaterializeGrads ? 1 : 0, &FunctionCall.Backward, &FunctionCall.Release, (long)GCHandle.ToIntPtr(state), results);
                }

                GC.KeepAlive(inputs);
                GC.KeepAlive(outputs);
                context.Node = node;
                context.SavedCount = context.Saved.Count;
                context.Forget();
                if (node == 0)
                {
                    // No gradient is needed, or the outputs could not be attached.
                    state.Free();
                    if (NativeMethods.LastError.Length > 0)
                        throw NativeMethods.Failure();
                }

                return [.. wrapped.Select(handle => new Tensor(handle))];
            }

            internal abstract List<Tensor> Forward(AutogradContext context, object[] arguments);

            internal abstract List<Tensor> Backward(AutogradContext context, List<Tensor> gradients);
        }

        /// <summary>A custom function with one result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            protected SingleTensorFunction()
            {
            }

            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal sealed override List<Tensor> Forward(AutogradContext context, object[] arguments) => [forward(context, arguments)];

            internal sealed override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients[0]);
        }

        /// <summary>A custom function with several results.</summary>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            protected MultiTensorFunction()
            {
            }

            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal sealed override List<Tensor> Forward(AutogradContext context, object[] arguments) => forward(context, arguments);

            internal sealed override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients);
        }

        /// <summary>One call of a custom function, as its node in the graph knows it.</summary>
        private sealed class FunctionCall(string name, AutogradContext context, bool[] isTensor, Func<List<Tensor>, List<Tensor>> backward)
        {
            [UnmanagedCallersOnly]
            internal static unsafe int Backward(long state, nint* gradients, int gradientCount, nint* results, int resultCount, byte* message, int messageSize)
            {
                try
                {
                    // Whoever receives the gradients disposes of them, as of every other tensor.
                    var given = new List<Tensor>(gradientCount);
                    for (var i = 0; i < gradientCount; i++)
                        given.Add(new Tensor(gradients[i]));
                    ((FunctionCall)GCHandle.FromIntPtr((nint)state).Target!).Run(given, new Span<nint>(results, resultCount));
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

            private void Run(List<Tensor> gradients, Span<nint> results)
            {
                var computed = backward(gradients);
                if (computed.Count < isTensor.Length || computed.Skip(isTensor.Length).Any(gradient => gradient is { IsInvalid: false }))
                    throw new NotImplementedException($"Function {name} returned {computed.Count} gradients for {isTensor.Length} arguments.");
                var result = 0;
                for (var i = 0; i < isTensor.Length; i++)
                {
                    var gradient = computed[i] is { IsInvalid: false } ? computed[i] : null;
                    if (isTensor[i])
                        results[result++] = gradient is null ? 0 : NativeMethods.bridge_alias(gradient.Handle);
                    else if (gradient is not null)
                        throw new NotImplementedException($"Function {name} returned a gradient for argument {i}, which is no tensor: return null there.");
                }

                GC.KeepAlive(computed);
            }
        }
    }
}
