using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients down together where their norm exceeds the limit; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var recordsNothing = no_grad();
                var gradients = tensors.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (gradients.Length == 0)
                    return 0;
                var norms = Array.ConvertAll(gradients, gradient => Aten.Call("linalg_vector_norm", gradient, norm_type));
                var total = Aten.Call("linalg_vector_norm", stack(norms), norm_type).ToDouble();
                var factor = Math.Min(1, max_norm / (total + 1e-6));
                foreach (var gradient in gradients)
                    gradient.mul_((Scalar)factor);
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var recordsNothing = no_grad();
                foreach (var parameter in tensors)
                    parameter.grad?.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }
        }
    }
}
