using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(NativeMethods.bridge_generator(unchecked((long)seed)), InitializeDevice(device))
        {
        }

        private Generator(nint handle, Device device) => (this.handle, this.device) = (handle, device);

        ~Generator() => Dispose(false);

        /// <summary>The one that operators draw from when they are given none.</summary>
        public static Generator Default => new(NativeMethods.bridge_default_generator(), CPU);

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This generator has been disposed of.");

        public Device device { get; }

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

        public Generator manual_seed(long seed)
        {
            NativeMethods.bridge_seed(Handle, seed);
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Seeds it with a number that nobody can foresee, and returns that.</summary>
        public long seed()
        {
            var result = NativeMethods.bridge_random_seed(Handle);
            GC.KeepAlive(this);
            return result;
        }

        public long initial_seed()
        {
            var result = NativeMethods.bridge_initial_seed(Handle);
            GC.KeepAlive(this);
            return result;
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

    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    /// <summary>The default generator, call by call.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed()
        {
            using var generator = Generator.Default;
            return generator.seed();
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
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
}
