using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        // One tensor.
        public Tensor abs() => Aten.Call("abs", this);
        public Tensor abs_() => Aten.InPlace("abs_", this);
        public Tensor neg() => Aten.Call("neg", this);
        public Tensor neg_() => Aten.InPlace("neg_", this);
        public Tensor sign() => Aten.Call("sign", this);
        public Tensor sign_() => Aten.InPlace("sign_", this);
        public Tensor floor() => Aten.Call("floor", this);
        public Tensor floor_() => Aten.InPlace("floor_", this);
        public Tensor ceil() => Aten.Call("ceil", this);
        public Tensor ceil_() => Aten.InPlace("ceil_", this);
        public Tensor trunc() => Aten.Call("trunc", this);
        public Tensor trunc_() => Aten.InPlace("trunc_", this);
        public Tensor sqrt() => Aten.Call("sqrt", this);
        public Tensor sqrt_() => Aten.InPlace("sqrt_", this);
        public Tensor rsqrt() => Aten.Call("rsqrt", this);
        public Tensor rsqrt_() => Aten.InPlace("rsqrt_", this);
        public Tensor reciprocal() => Aten.Call("reciprocal", this);
        public Tensor reciprocal_() => Aten.InPlace("reciprocal_", this);
        public Tensor exp() => Aten.Call("exp", this);
        public Tensor exp_() => Aten.InPlace("exp_", this);
        public Tensor expm1() => Aten.Call("expm1", this);
        public Tensor expm1_() => Aten.InPlace("expm1_", this);
        public Tensor log() => Aten.Call("log", this);
        public Tensor log_() => Aten.InPlace("log_", this);
        public Tensor log1p() => Aten.Call("log1p", this);
        public Tensor log1p_() => Aten.InPlace("log1p_", this);
        public Tensor sin() => Aten.Call("sin", this);
        public Tensor sin_() => Aten.InPlace("sin_", this);
        public Tensor cos() => Aten.Call("cos", this);
        public Tensor cos_() => Aten.InPlace("cos_", this);
        public Tensor tan() => Aten.Call("tan", this);
        public Tensor tan_() => Aten.InPlace("tan_", this);
        public Tensor asin() => Aten.Call("asin", this);
        public Tensor asin_() => Aten.InPlace("asin_", this);
        public Tensor acos() => Aten.Call("acos", this);
        public Tensor acos_() => Aten.InPlace("acos_", this);
        public Tensor atan() => Aten.Call("atan", this);
        public Tensor atan_() => Aten.InPlace("atan_", this);
        public Tensor sinh() => Aten.Call("sinh", this);
        public Tensor sinh_() => Aten.InPlace("sinh_", this);
        public Tensor cosh() => Aten.Call("cosh", this);
        public Tensor cosh_() => Aten.InPlace("cosh_", this);
        public Tensor tanh() => Aten.Call("tanh", this);
        public Tensor tanh_() => Aten.InPlace("tanh_", this);
        public Tensor sigmoid() => Aten.Call("sigmoid", this);
        public Tensor sigmoid_() => Aten.InPlace("sigmoid_", this);
        public Tensor relu() => Aten.Call("relu", this);
        public Tensor relu_() => Aten.InPlace("relu_", this);
        public Tensor square() => Aten.Call("square", this);
        public Tensor round(long decimals = 0) => Aten.Call("round.decimals", this, decimals);
        public Tensor round_(long decimals = 0) => Aten.InPlace("round_.decimals", this, decimals);
        public Tensor isnan() => Aten.Call("isnan", this);
        public Tensor isfinite() => Aten.Call("isfinite", this);
        public Tensor isinf() => Aten.Call("isinf", this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Call("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.Call("log_softmax.int", this, dim, dtype);

        // Two.
        public Tensor add(Tensor target) => Aten.Call("add.Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Aten.Call("add.Tensor", this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.Call("add.Scalar", this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Aten.Call("add.Scalar", this, scalar, alpha);
        public Tensor add_(Tensor target) => Aten.InPlace("add_.Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Aten.InPlace("add_.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => Aten.InPlace("add_.Scalar", this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.InPlace("add_.Scalar", this, scalar, alpha);
        public Tensor sub(Tensor target) => Aten.Call("sub.Tensor", this, target);
        public Tensor sub(Scalar target) => Aten.Call("sub.Scalar", this, target);
        public Tensor sub_(Tensor target) => Aten.InPlace("sub_.Tensor", this, target);
        public Tensor sub_(Scalar target) => Aten.InPlace("sub_.Scalar", this, target);
        public Tensor mul(Tensor target) => Aten.Call("mul.Tensor", this, target);
        public Tensor mul(Scalar target) => Aten.Call("mul.Scalar", this, target);
        public Tensor mul_(Tensor target) => Aten.InPlace("mul_.Tensor", this, target);
        public Tensor mul_(Scalar target) => Aten.InPlace("mul_.Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Aten.Call("div.Tensor_mode", this, target, NameOf(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Aten.Call("div.Scalar_mode", this, target, NameOf(rounding_mode));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Aten.InPlace("div_.Tensor_mode", this, target, NameOf(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Aten.InPlace("div_.Scalar_mode", this, target, NameOf(rounding_mode));
        public Tensor remainder(Tensor target) => Aten.Call("remainder.Tensor", this, target);
        public Tensor remainder(Scalar scalar) => Aten.Call("remainder.Scalar", this, scalar);
        public Tensor remainder_(Tensor target) => Aten.InPlace("remainder_.Tensor", this, target);
        public Tensor remainder_(Scalar scalar) => Aten.InPlace("remainder_.Scalar", this, scalar);
        public Tensor floor_divide(Tensor other) => Aten.Call("floor_divide", this, other);
        public Tensor floor_divide(Scalar other) => Aten.Call("floor_divide.Scalar", this, other);
        public Tensor pow(Tensor exponent) => Aten.Call("pow.Tensor_Tensor", this, exponent);
        public Tensor pow(Scalar exponent) => Aten.Call("pow.Tensor_Scalar", this, exponent);
        public Tensor pow_(Tensor exponent) => Aten.InPlace("pow_.Tensor", this, exponent);
        public Tensor pow_(Scalar exponent) => Aten.InPlace("pow_.Scalar", this, exponent);
        public Tensor atan2(Tensor other) => Aten.Call("atan2", this, other);
        public Tensor maximum(Tensor other) => Aten.Call("maximum", this, other);
        public Tensor minimum(Tensor other) => Aten.Call("minimum", this, other);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Call("addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.InPlace("addcmul_", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Call("addcdiv", this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Call("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.InPlace("addcdiv_", this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.InPlace("addcdiv_", this, tensor1, tensor2, value);
        public Tensor lerp(Tensor end, Tensor weight) => Aten.Call("lerp.Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Aten.InPlace("lerp_.Tensor", this, end, weight);

        // Limits.
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Call("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.Call("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.InPlace("clamp_", this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.InPlace("clamp_.Tensor", this, min, max);
        public Tensor clamp_min(Scalar min) => Aten.Call("clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => Aten.InPlace("clamp_min_", this, min);
        public Tensor clamp_max(Scalar max) => Aten.Call("clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => Aten.InPlace("clamp_max_", this, max);
        public Tensor where(Tensor condition, Tensor y) => Aten.Call("where.self", condition, this, y);
        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.InPlace("masked_fill_.Scalar", this, mask, value);

        // Comparisons.
        public Tensor eq(Tensor target) => Aten.Call("eq.Tensor", this, target);
        public Tensor eq(Scalar target) => Aten.Call("eq.Scalar", this, target);
        public Tensor ne(Tensor target) => Aten.Call("ne.Tensor", this, target);
        public Tensor ne(Scalar target) => Aten.Call("ne.Scalar", this, target);
        public Tensor lt(Tensor target) => Aten.Call("lt.Tensor", this, target);
        public Tensor lt(Scalar target) => Aten.Call("lt.Scalar", this, target);
        public Tensor le(Tensor target) => Aten.Call("le.Tensor", this, target);
        public Tensor le(Scalar target) => Aten.Call("le.Scalar", this, target);
        public Tensor gt(Tensor target) => Aten.Call("gt.Tensor", this, target);
        public Tensor gt(Scalar target) => Aten.Call("gt.Scalar", this, target);
        public Tensor ge(Tensor target) => Aten.Call("ge.Tensor", this, target);
        public Tensor ge(Scalar target) => Aten.Call("ge.Scalar", this, target);
        public Tensor logical_and(Tensor other) => Aten.Call("logical_and", this, other);
        public Tensor logical_or(Tensor other) => Aten.Call("logical_or", this, other);
        public Tensor logical_not() => Aten.Call("logical_not", this);
        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) => Aten.Call("isclose", this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) => Aten.CallBool("allclose", this, target, rtol, atol, equal_nan);
        public Tensor equal(Tensor target) => Aten.Call("eq.Tensor", this, target);

        /// <summary>How libtorch calls a rounding mode; none is none.</summary>
        private static string? NameOf(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }
}
