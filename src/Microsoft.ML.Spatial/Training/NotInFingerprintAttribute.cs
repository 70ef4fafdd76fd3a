namespace Microsoft.ML.Spatial.Training;

/// <summary>Marks an option that a training comes to the same weights without, or whose part in them a checkpoint keeps in another way.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInFingerprintAttribute : Attribute;
