using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Training;

/// <summary>Gives torch's global random generator a seed for a while and puts it back as it was.</summary>
/// <remarks>
/// The generator belongs to the whole process, so scopes take turns. The seeded state comes from a generator of our own rather than from
/// <c>torch.manual_seed</c>, which would reseed the generators of CUDA devices too.
/// </remarks>
internal sealed class RandomScope : IDisposable
{
    private static readonly Lock Turn = new();
    private readonly Tensor _found;

    public RandomScope(int seed)
    {
        Turn.Enter();
        _found = get_rng_state().DetachFromDisposeScope();
        using var generator = new Generator((ulong)(uint)seed);
        using var state = generator.get_state();
        set_rng_state(state);
    }

    public void Dispose()
    {
        set_rng_state(_found);
        _found.Dispose();
        Turn.Exit();
    }
}
