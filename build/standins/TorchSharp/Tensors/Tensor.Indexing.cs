using System.Runtime.CompilerServices;
using TorchSharp.Native;
using IndexKind = TorchSharp.torch.TensorIndex.IndexKind;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Places(indices));
            set => index_put_(value, Places(indices));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(Places(i1));
            set => index_put_(value, Places(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(Places(i1, i2));
            set => index_put_(value, Places(i1, i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Places(i1, i2, i3));
            set => index_put_(value, Places(i1, i2, i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(Places(i1, i2, i3, i4));
            set => index_put_(value, Places(i1, i2, i3, i4));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => index(Places(i1, i2, i3, i4, i5));
            set => index_put_(value, Places(i1, i2, i3, i4, i5));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => index(Places(i1, i2, i3, i4, i5, i6));
            set => index_put_(value, Places(i1, i2, i3, i4, i5, i6));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var advanced);
            if (advanced is null)
                return view;
            using (view)
                return Aten.Call("index.Tensor", view, advanced);
        }

        public Tensor index(params Tensor[] indices) => Aten.Call("index.Tensor", this, indices);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor tensor = value;
            return index_put_(tensor, indices, accumulate: false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using Tensor tensor = value;
            return index_put_(tensor, indices, accumulate: false);
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, accumulate: false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var view = View(indices, out var advanced);
            using var typed = value.to(dtype, device);
            if (advanced is not null)
                Aten.InPlace("index_put_", view, advanced, typed, accumulate);
            else if (accumulate)
                Aten.InPlace("add_.Tensor", view, typed);
            else
                Aten.InPlace("copy_", view, typed);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, accumulate: false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
        {
            using var typed = value.to(dtype, device);
            return Aten.InPlace("index_put_", this, indices, typed, accumulate);
        }

        private static TensorIndex[] Places(params ReadOnlySpan<long> places)
        {
            var indices = new TensorIndex[places.Length];
            for (var i = 0; i < indices.Length; i++)
                indices[i] = TensorIndex.Single(places[i]);
            return indices;
        }

        /// <summary>
        /// Does what views can do, index by index; what is left are the tensors among the indices, one entry for each dimension of the view up
        /// to the last of them.
        /// </summary>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? advanced)
        {
            var tensors = new List<Tensor?>();
            var view = alias();
            long dimension = 0;
            for (var i = 0; i < indices.Length; i++)
            {
                var next = Step(view, indices[i], indices.AsSpan(i + 1), ref dimension, tensors);
                if (ReferenceEquals(next, view))
                    continue;
                view.Dispose();
                view = next;
            }

            advanced = tensors.Count > 0 ? [.. tensors] : null;
            return view;
        }

        private static Tensor Step(Tensor view, TensorIndex index, ReadOnlySpan<TensorIndex> rest, ref long dimension, List<Tensor?> tensors)
        {
            switch (index.Kind)
            {
                case IndexKind.Single:
                    return view.select(dimension, index.Start!.Value);
                case IndexKind.Slice:
                    var along = dimension++;
                    return index is { Start: null, Stop: null, Step: null }
                        ? view
                        : Aten.Call("slice.Tensor", view, along, index.Start, index.Stop, index.Step ?? 1);
                case IndexKind.Null:
                    return view.unsqueeze(dimension++);
                case IndexKind.Bool:
                    using (var one = view.unsqueeze(dimension))
                        return one.narrow(dimension++, 0, index.Start!.Value);
                case IndexKind.Ellipsis:
                    dimension = view.ndim;
                    foreach (var later in rest)
                        dimension -= Consumed(later);
                    return view;
                default:
                    while (tensors.Sum(tensor => tensor is null ? 1 : Consumed(tensor)) < dimension)
                        tensors.Add(null);
                    tensors.Add(index.Indices!);
                    dimension += Consumed(index.Indices!);
                    return view;
            }
        }

        /// <summary>How many of the tensor's dimensions an index stands for.</summary>
        private static long Consumed(TensorIndex index) => index.Kind switch
        {
            IndexKind.Single or IndexKind.Slice => 1,
            IndexKind.Tensor => Consumed(index.Indices!),
            _ => 0,
        };

        /// <summary>A mask stands for all of its own dimensions, a tensor of numbers for one.</summary>
        private static long Consumed(Tensor indices) => indices.dtype is ScalarType.Bool or ScalarType.Byte ? indices.ndim : 1;
    }
}
