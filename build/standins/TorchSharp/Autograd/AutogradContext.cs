using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function's forward leaves for its backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];

            internal AutogradContext()
            {
            }

            internal List<Tensor> Saved { get; private set; } = [];

            /// <summary>How many tensors the node holds; they are no longer here, so that forward's handles may be disposed of.</summary>
            internal int SavedCount { get; set; }

            /// <summary>The native node, once forward has ended.</summary>
            internal nint Node { get; set; }

            /// <summary>Whether backward gets zeros where there is no gradient, rather than an invalid tensor.</summary>
            internal bool MaterializesGrads { get; private set; } = true;

            public void set_materialize_grads(bool value) => MaterializesGrads = value;

            public void save_for_backward(List<Tensor> tensors) => Saved = tensors;

            public void save_data(string key, object value) => data[key] = value;

            public object get_data(string key) => data[key];

            /// <summary>New handles each time.</summary>
            public unsafe List<Tensor> get_saved_variables()
            {
                if (Node == 0)
                    return [.. Saved];
                var handles = new nint[SavedCount];
                fixed (nint* results = handles)
                    NativeMethods.Check(NativeMethods.bridge_saved(Node, results));
                return [.. handles.Select(handle => new Tensor(handle))];
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                data.Clear();
                Forget();
            }

            internal void Forget() => Saved = [];
        }
    }
}
