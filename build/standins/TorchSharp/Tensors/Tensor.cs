using System.Runtime.CompilerServices;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle to a tensor of libtorch; several handles may mean one tensor.</summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;

        private nint handle;

        internal Tensor(nint handle)
            : this(handle, register: handle != 0)
        {
        }

        /// <summary>Unregistered is a tensor that takes the place of another one, which was counted already, or that is none at all.</summary>
        private protected Tensor(nint handle, bool register)
        {
            this.handle = handle;
            if (handle == 0)
                GC.SuppressFinalize(this);
            if (!register)
                return;
            var count = Interlocked.Increment(ref totalCount);
            if (count > peakCount)
                peakCount = count;
            OwningDisposeScope = DisposeScopeManager.Current.Register(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref totalCount);

        public static long PeakCount => Interlocked.Read(ref peakCount);

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This tensor has been disposed of.");

        public bool IsInvalid => handle == 0;

        /// <summary>A name for people.</summary>
        public string? name { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0)
                return;
            DisposeScopeManager.Current.CountDisposal(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref totalCount);
            bridge_free(handle);
            handle = 0;
        }

        /// <summary>Gives the native handle away; this object is invalid afterwards.</summary>
        public nint DecoupleFromNativeHandle()
        {
            var given = Handle;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref totalCount);
            handle = 0;
            return given;
        }

        /// <summary>As <see cref="DecoupleFromNativeHandle"/>, into an object that goes on being counted as this one.</summary>
        internal nint MoveHandle()
        {
            var given = Handle;
            GC.SuppressFinalize(this);
            handle = 0;
            return given;
        }

        /// <summary>Makes a tensor of a handle that the caller owns.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner)
                owner.MoveToOther(other!, this);
            else
                other?.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        /// <summary>Another handle to the same tensor.</summary>
        public Tensor alias()
        {
            var copy = bridge_alias(Handle);
            GC.KeepAlive(this);
            return new Tensor(copy);
        }

        /// <summary>Whether the other tensor has the same shape and elements.</summary>
        public bool Equals(Tensor target) => Aten.CallBool("equal", this, target);

        public override bool Equals(object? obj) => obj is Tensor other && (ReferenceEquals(this, other) || Equals(other));

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
    }
}
