using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules one after the other.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            // As in the package, forward goes by a list of its own, which registering another module under a child's name does not change.
            private readonly List<nn.IModule<Tensor, Tensor>> modules = [];

            internal Sequential()
                : base(nameof(Sequential))
            {
            }

            protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules)
                : this()
            {
                foreach (var (name, submodule) in modules)
                    append(name, submodule);
            }

            protected Sequential(params nn.Module<Tensor, Tensor>[] modules)
                : this()
            {
                foreach (var module in modules)
                    append(module);
            }

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                register_module(name, (nn.Module)module);
                modules.Add(module);
                return this;
            }

            public Sequential append(nn.IModule<Tensor, Tensor> module) => append($"{modules.Count}", module);

            public override Tensor forward(Tensor tensor)
            {
                var result = tensor.alias();
                foreach (var module in modules)
                {
                    using var input = result;
                    result = module.call(input);
                }

                return result;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
                Sequential((IEnumerable<Tuple<string, Module<Tensor, Tensor>>>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) =>
                modules.Aggregate(Sequential(), (sequence, entry) => sequence.append(entry.name, entry.submodule));

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                modules.Aggregate(Sequential(), (sequence, entry) => sequence.append(entry.Item1, entry.Item2));

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) =>
                modules.Aggregate(Sequential(), (sequence, module) => sequence.append(module));
        }
    }
}
