namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an index: a number, a slice, a mask or a tensor of numbers, a new dimension, or "all the rest".</summary>
    public struct TensorIndex
    {
        public static TensorIndex Null = new() { Kind = IndexKind.Null };

        public static TensorIndex None = Null;

        public static TensorIndex Ellipsis = new() { Kind = IndexKind.Ellipsis };

        public static TensorIndex Colon = Slice();

        internal enum IndexKind
        {
            Slice,
            Single,
            Null,
            Ellipsis,
            Bool,
            Tensor,
        }

        internal IndexKind Kind { get; private init; }

        internal long? Start { get; private init; }

        internal long? Stop { get; private init; }

        internal long? Step { get; private init; }

        internal Tensor? Indices { get; private init; }

        /// <summary>The elements from start up to, not including, stop; negative numbers count from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = IndexKind.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(From(range.Start), range.End.Equals(Index.End) ? null : From(range.End));

        public static TensorIndex Bool(bool value) => new() { Kind = IndexKind.Bool, Start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => index is { } number ? new() { Kind = IndexKind.Single, Start = number } : Null;

        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = IndexKind.Tensor, Indices = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(From(index));

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        /// <summary>A tensor that was given as an index, again a tensor.</summary>
        public static implicit operator Tensor(TensorIndex value) =>
            value.Indices ?? throw new InvalidCastException("Only an index that was made from a tensor can become a tensor.");

        private static long From(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
