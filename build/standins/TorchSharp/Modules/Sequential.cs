using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules in a row, each fed with what the one before gives.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> row = [];

            protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules)
                : base(nameof(Sequential))
            {
                foreach (var (name, module) in modules)
                    append(name, module);
            }

            protected Sequential(params nn.Module<Tensor, Tensor>[] modules)
                : base(nameof(Sequential))
            {
                foreach (var module in modules)
                    append(module);
            }

            internal static Sequential Of((string Name, nn.Module<Tensor, Tensor> Module)[] modules) => new(modules);

            internal static Sequential Of(nn.Module<Tensor, Tensor>[] modules) => new(modules);

            public int Count => row.Count;

            [IndexerName("SequentialItems")]
            public nn.IModule<Tensor, Tensor> this[int index] => row[index].Module;

            /// <summary>A row of the same modules, not of copies.</summary>
            [IndexerName("SequentialItems")]
            public Sequential this[Range index]
            {
                get
                {
                    var (start, length) = index.GetOffsetAndLength(row.Count);
                    var part = new Sequential(Array.Empty<nn.Module<Tensor, Tensor>>());
                    foreach (var (name, module) in row.GetRange(start, length))
                        part.append(name, module);
                    return part;
                }
            }

            [IndexerName("SequentialItems")]
            public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? row.Count)];

            public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
            {
                register_module(name, (nn.Module)module);
                row.Add((name, module));
                return this;
            }

            public Sequential append(nn.IModule<Tensor, Tensor> module) => append($"{row.Count}", module);

            public override Tensor forward(Tensor tensor)
            {
                var result = tensor;
                foreach (var (_, module) in row)
                {
                    var next = module.call(result);
                    if (!ReferenceEquals(result, tensor) && !ReferenceEquals(result, next))
                        result.Dispose();
                    result = next;
                }

                return ReferenceEquals(result, tensor) ? tensor.alias() : result;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => Modules.Sequential.Of(modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Modules.Sequential.Of(modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => Sequential((IEnumerable<Tuple<string, Module<Tensor, Tensor>>>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => Modules.Sequential.Of([.. modules]);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => Modules.Sequential.Of([.. modules]);

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                Sequential(modules.Select(module => (module.Item1, module.Item2)));
        }
    }
}
