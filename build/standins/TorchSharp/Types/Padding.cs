namespace TorchSharp;

/// <summary>Padding by name, for convolutions.</summary>
public enum Padding
{
    Valid = 0,
    Same = 1,
}
