using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            InitializeDevice(device);
            handle = NativeMethods.bridge_generator(unchecked((long)seed));
        }

        private Generator(nint handle) => this.handle = handle;

        ~Generator() => Dispose(false);

        /// <summary>The one that operators draw from when they are given none.</summary>
        public static Generator Default => new(NativeMethods.bridge_default_generator());

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This generator has been disposed of.");

        public Tensor get_state()
        {
            var state = NativeMethods.Check(NativeMethods.bridge_generator_state(Handle));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.bridge_set_generator_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            NativeMethods.bridge_free_generator(Interlocked.Exchange(ref handle, 0));
        }
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }
}
