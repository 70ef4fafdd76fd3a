using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A tensor that a module learns.</summary>
        public class Parameter : Tensor
        {
            /// <summary>Takes the tensor over, its place in a dispose scope included: the tensor is empty afterwards.</summary>
            public Parameter(Tensor data, bool requires_grad = true)
                : base(data.with_requires_grad(requires_grad).MoveHandle(), register: false)
            {
                data.OwningDisposeScope?.Replace(data, this);
            }
        }
    }
}
