using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        // Views wherever libtorch makes views.
        public Tensor view(params long[] shape) => Aten.Call("view", this, shape);
        public Tensor reshape(params long[] shape) => Aten.Call("reshape", this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Call("flatten.using_ints", this, start_dim, end_dim);
        public Tensor flatten(IList<string> dims, string out_dim) => throw NamedDimensions();
        public Tensor transpose(long dim0, long dim1) => Aten.Call("transpose.int", this, dim0, dim1);
        public Tensor permute(params long[] permutation) => Aten.Call("permute", this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute([.. permutation]);
        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);
        public Tensor narrow(long dim, long start, long length) => Aten.Call("narrow", this, dim, start, length);

        public Tensor unsqueeze(long dim) => Aten.Call("unsqueeze", this, dim);
        public Tensor broadcast_to(params long[] shape) => Aten.Call("broadcast_to", this, shape);

        // Copies.
        public Tensor contiguous() => Aten.Call("contiguous", this);
        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);
        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        private static NotSupportedException NamedDimensions() => new("Named dimensions are not supported here; use their numbers.");
    }
}
