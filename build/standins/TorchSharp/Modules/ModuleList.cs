using System.Collections;
using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A list of modules, registered under their numbers when the list itself is.</summary>
        public class ModuleList<T> : torch.nn.Module, IList<T>
            where T : torch.nn.Module
        {
            private readonly List<T> list = [];
            private bool isRegistered;

            public ModuleList(params T[] modules)
                : base(nameof(ModuleList<T>)) => list.AddRange(modules);

            public int Count => list.Count;

            public bool IsReadOnly => false;

            /// <summary>As in the package, setting leaves the registration as it is.</summary>
            public T this[int index]
            {
                get => list[index];
                set => list[index] = value;
            }

            protected override void RegisterComponents()
            {
                for (var i = 0; i < list.Count && !isRegistered; i++)
                    register_module($"{i}", list[i]);
                isRegistered = true;
            }

            public void Add(T item) => list.Add(item);

            public void Clear() => list.Clear();

            public bool Contains(T item) => list.Contains(item);

            public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

            public int IndexOf(T item) => list.IndexOf(item);

            public void Insert(int index, T item) => list.Insert(index, item);

            public bool Remove(T item) => list.Remove(item);

            public void RemoveAt(int index) => list.RemoveAt(index);

            public IEnumerator<T> GetEnumerator() => list.GetEnumerator();

            IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static ModuleList<T> ModuleList<T>(params T[] modules)
                where T : Module => new(modules);
        }
    }
}
