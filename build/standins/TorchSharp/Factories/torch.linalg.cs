using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        public static Tensor inv(Tensor input) => Aten.Call("linalg_inv", input);

        public static Tensor det(Tensor input) => Aten.Call("linalg_det", input);

        public static Tensor solve(Tensor A, Tensor B, bool left = true) =>
            left ? Aten.Call("linalg_solve", A, B) : throw new NotSupportedException("Solving from the right is not supported here; transpose both sides.");
    }
}
