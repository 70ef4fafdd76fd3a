namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The parent of modules with a forward; nobody hooks into it here.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            protected HookableModule(string name)
                : base(name)
            {
            }

            protected HookableModule(nint handle, nint boxedHandle)
                : base(handle, boxedHandle)
            {
            }
        }

        public interface IModule<T, TResult>
        {
            TResult call(T input1);
        }

        /// <summary>A module whose forward takes one argument.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<
                Func<Module<T, TResult>, T, T>,
                Func<Module<T, TResult>, T, TResult, TResult>>,
            IModule<T, TResult>
        {
            protected Module(string name)
                : base(name)
            {
            }

            protected Module(nint handle, nint boxedHandle)
                : base(handle, boxedHandle)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
