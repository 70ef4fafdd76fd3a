using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator ~(Tensor left) => Aten.Call("bitwise_not", left);

        public static Tensor operator &(Tensor left, Tensor right) => Aten.Call("bitwise_and.Tensor", left, right);

        public static Tensor operator |(Tensor left, Tensor right) => Aten.Call("bitwise_or.Tensor", left, right);

        public static Tensor operator ^(Tensor left, Tensor right) => Aten.Call("bitwise_xor.Tensor", left, right);

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Tensor left, double right) => left.add((Scalar)right);
        public static Tensor operator +(Tensor left, float right) => left.add((Scalar)right);
        public static Tensor operator +(Tensor left, int right) => left.add((Scalar)right);
        public static Tensor operator +(Tensor left, long right) => left.add((Scalar)right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator +(double left, Tensor right) => right.add((Scalar)left);
        public static Tensor operator +(float left, Tensor right) => right.add((Scalar)left);
        public static Tensor operator +(int left, Tensor right) => right.add((Scalar)left);
        public static Tensor operator +(long left, Tensor right) => right.add((Scalar)left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Tensor left, double right) => left.sub((Scalar)right);
        public static Tensor operator -(Tensor left, float right) => left.sub((Scalar)right);
        public static Tensor operator -(Tensor left, int right) => left.sub((Scalar)right);
        public static Tensor operator -(Tensor left, long right) => left.sub((Scalar)right);
        public static Tensor operator -(Scalar left, Tensor right) => Aten.Call("rsub.Scalar", right, left);
        public static Tensor operator -(double left, Tensor right) => Aten.Call("rsub.Scalar", right, (Scalar)left);
        public static Tensor operator -(float left, Tensor right) => Aten.Call("rsub.Scalar", right, (Scalar)left);
        public static Tensor operator -(int left, Tensor right) => Aten.Call("rsub.Scalar", right, (Scalar)left);
        public static Tensor operator -(long left, Tensor right) => Aten.Call("rsub.Scalar", right, (Scalar)left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Tensor left, double right) => left.mul((Scalar)right);
        public static Tensor operator *(Tensor left, float right) => left.mul((Scalar)right);
        public static Tensor operator *(Tensor left, int right) => left.mul((Scalar)right);
        public static Tensor operator *(Tensor left, long right) => left.mul((Scalar)right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator *(double left, Tensor right) => right.mul((Scalar)left);
        public static Tensor operator *(float left, Tensor right) => right.mul((Scalar)left);
        public static Tensor operator *(int left, Tensor right) => right.mul((Scalar)left);
        public static Tensor operator *(long left, Tensor right) => right.mul((Scalar)left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Tensor left, double right) => left.div((Scalar)right);
        public static Tensor operator /(Tensor left, float right) => left.div((Scalar)right);
        public static Tensor operator /(Tensor left, int right) => left.div((Scalar)right);
        public static Tensor operator /(Tensor left, long right) => left.div((Scalar)right);
        public static Tensor operator /(Scalar left, Tensor right) => Reciprocal(right, left);
        public static Tensor operator /(double left, Tensor right) => Reciprocal(right, (Scalar)left);
        public static Tensor operator /(float left, Tensor right) => Reciprocal(right, (Scalar)left);
        public static Tensor operator /(int left, Tensor right) => Reciprocal(right, (Scalar)left);
        public static Tensor operator /(long left, Tensor right) => Reciprocal(right, (Scalar)left);

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        public static Tensor operator %(Tensor left, double right) => left.remainder((Scalar)right);
        public static Tensor operator %(Tensor left, float right) => left.remainder((Scalar)right);
        public static Tensor operator %(Tensor left, int right) => left.remainder((Scalar)right);
        public static Tensor operator %(Tensor left, long right) => left.remainder((Scalar)right);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        // Numbers and arrays become tensors of their own type.
        public static implicit operator Tensor(bool value) => FromValue(value);
        public static implicit operator Tensor(byte value) => FromValue(value);
        public static implicit operator Tensor(sbyte value) => FromValue(value);
        public static implicit operator Tensor(short value) => FromValue(value);
        public static implicit operator Tensor(int value) => FromValue(value);
        public static implicit operator Tensor(long value) => FromValue(value);
        public static implicit operator Tensor(float value) => FromValue(value);
        public static implicit operator Tensor(double value) => FromValue(value);
        public static implicit operator Tensor((float, float) value) => FromValue(value);
        public static implicit operator Tensor(System.Numerics.Complex value) => FromValue(value);
        public static implicit operator Tensor(Scalar scalar) => Of(scalar);
        public static implicit operator Tensor(bool[] value) => from_array(value);
        public static implicit operator Tensor(byte[] value) => from_array(value);
        public static implicit operator Tensor(sbyte[] value) => from_array(value);
        public static implicit operator Tensor(short[] value) => from_array(value);
        public static implicit operator Tensor(int[] value) => from_array(value);
        public static implicit operator Tensor(long[] value) => from_array(value);
        public static implicit operator Tensor(float[] value) => from_array(value);
        public static implicit operator Tensor(double[] value) => from_array(value);
        public static implicit operator Tensor((float, float)[] value) => from_array(value);
        public static implicit operator Tensor(System.Numerics.Complex[] value) => from_array(value);

        public static explicit operator bool(Tensor value) => value.ToBoolean();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();

        private static Tensor Reciprocal(Tensor denominator, Scalar numerator)
        {
            using var reciprocal = denominator.reciprocal();
            return reciprocal.mul(numerator);
        }

        private static Tensor FromValue<T>(T value)
            where T : unmanaged => from_array(new[] { value }).squeeze_(0);

        private static Tensor Of(Scalar scalar) => scalar.Type switch
        {
            ScalarType.Int64 => FromValue(scalar.ToInt64()),
            ScalarType.Bool => FromValue(scalar.ToBoolean()),
            ScalarType.Float64 => FromValue(scalar.ToDouble()),
            _ => FromValue(scalar.ToComplexFloat64()),
        };
    }
}
