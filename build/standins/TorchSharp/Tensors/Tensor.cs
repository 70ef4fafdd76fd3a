using System.Runtime.CompilerServices;
using TorchSharp.Native;
using static TorchSharp.Native.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle to a tensor of libtorch; several handles may mean one tensor.</summary>
    public partial class Tensor : IDisposable
    {
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
            if (register)
                OwningDisposeScope = DisposeScopeManager.Current.Register(this);
        }

        ~Tensor() => Dispose(false);

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This tensor has been disposed of.");

        public bool IsInvalid => handle == 0;

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
            if (disposing)
                OwningDisposeScope?.MarkAsDisposed(this);
            bridge_free(handle);
            handle = 0;
        }

        /// <summary>Gives the handle away, into an object that goes on being counted as this one.</summary>
        internal nint MoveHandle()
        {
            var given = Handle;
            GC.SuppressFinalize(this);
            handle = 0;
            return given;
        }

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

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            OwningDisposeScope?.MoveToOther(other, this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope!);

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
