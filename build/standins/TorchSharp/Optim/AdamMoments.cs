using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam's arithmetic, which AdamW shares.</summary>
internal readonly struct AdamMoments(double rate, double beta1, double beta2, double eps)
{
    internal void Apply(Parameter parameter, Tensor gradient, long step, Tensor mean, Tensor square, Tensor? greatest)
    {
        mean.mul_((Scalar)beta1).add_(gradient, 1 - beta1);
        square.mul_((Scalar)beta2).addcmul_(gradient, gradient, 1 - beta2);
        if (greatest is not null)
        {
            using var greater = greatest.maximum(square);
            greatest.copy_(greater);
        }

        // The first steps' averages are short of what they stand for.
        var meanCorrection = 1 - Math.Pow(beta1, step);
        var squareCorrection = Math.Sqrt(1 - Math.Pow(beta2, step));
        using var denominator = (greatest ?? square).sqrt();
        denominator.div_((Scalar)squareCorrection).add_((Scalar)eps);
        parameter.addcdiv_(mean, denominator, -rate / meanCorrection);
    }
}
