namespace Microsoft.ML.Spatial.Components;

/// <summary>Where a random number lies, of <see cref="RandomWarp"/> or of a trainer's augmentation: anywhere from one value to another, each as likely.</summary>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value, at least <paramref name="Minimum"/>; the same value makes the number certain.</param>
public readonly record struct WarpRange(double Minimum, double Maximum)
{
    /// <summary>The value a share of the way from the least to the greatest.</summary>
    internal double At(double share) => Minimum + (share * (Maximum - Minimum));
}
