using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clone() => Aten.Call("clone", this);
        public Tensor detach() => Aten.Call("detach", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.InPlace("copy_", this, source, nonBlocking);
        public Tensor zero_() => Aten.InPlace("zero_", this);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Aten.InPlace("uniform_", this, from, to, generator);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Like("zeros_like", dtype, device, requires_grad);

        private Tensor Like(string name, ScalarType? type, Device? device, bool requiresGrad) =>
            Made(Aten.Call(name, this, type, Argument.None, device), requiresGrad);
    }
}
