using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static partial class autograd
    {
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            CheckCount(tensors, grad_tensors, nameof(grad_tensors));
            fixed (nint* roots = HandlesOf(tensors), gradients = HandlesOf(grad_tensors), leaves = HandlesOf(inputs))
            {
                NativeMethods.Check(NativeMethods.bridge_backward(
                    roots, gradients, tensors.Count, leaves, inputs?.Count ?? 0, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        private static nint[]? HandlesOf(IList<Tensor>? tensors) => tensors?.Select(tensor => tensor.Handle).ToArray();

        private static void CheckCount(IList<Tensor> tensors, IList<Tensor>? gradients, string parameter)
        {
            if (gradients is not null && gradients.Count != tensors.Count)
                throw new ArgumentException($"{gradients.Count} gradients were given for {tensors.Count} tensors.", parameter);
        }
    }
}
