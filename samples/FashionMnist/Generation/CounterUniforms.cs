namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// The random numbers of one sample: a pure function of (seed, stream, sample, k), so that any program, in any order and on any
/// number of threads, draws the same ones. With <c>G = 0x9E3779B97F4A7C15</c> and arithmetic modulo 2^64:
/// <c>u(seed, stream, i, k) = (mix(mix(seed*G + stream*0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) + (i*4096 + k)*G) >> 11) * 2^-53</c>.
/// </summary>
internal readonly struct CounterUniforms
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _start;

    /// <summary>The numbers of the sample with counter <paramref name="sample"/> in a stream.</summary>
    public CounterUniforms(long seed, int stream, long sample)
    {
        unchecked
        {
            var key = Mix((ulong)seed * Golden + (ulong)stream * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019);
            _start = key + (ulong)sample * 4096 * Golden;
        }
    }

    /// <summary>The <paramref name="k"/>-th number, in [0, 1).</summary>
    public double this[int k] => unchecked(Mix(_start + (ulong)k * Golden) >> 11) * (1.0 / (1L << 53));

    /// <summary>A standard normal number made of the numbers <paramref name="k"/> and <paramref name="k"/> + 1: <c>sqrt(-2 ln(1 - u_k)) * cos(2 pi u_(k+1))</c>.</summary>
    public double Normal(int k) => Math.Sqrt(-2 * Math.Log(1 - this[k])) * Math.Cos(2 * Math.PI * this[k + 1]);

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
