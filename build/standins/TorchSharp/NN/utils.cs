using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Shortens the gradients of parameters, taken as one vector, and tells how long it was.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var noGradient = no_grad();
                using var scope = NewDisposeScope();
                Tensor[] gradients = [.. tensors.Select(tensor => tensor.grad).OfType<Tensor>()];
                var norm = Math.Pow(gradients.Sum(gradient => Math.Pow(Aten.Call("norm.Scalar", gradient, norm_type).item<float>(), norm_type)), 1 / norm_type);
                var factor = max_norm / (norm + 1e-6);
                foreach (var gradient in gradients)
                {
                    if (factor < 1)
                        gradient.mul_(factor);
                }

                return norm;
            }
        }
    }
}
