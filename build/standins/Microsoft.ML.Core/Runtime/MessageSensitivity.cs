namespace Microsoft.ML.Runtime;

/// <summary>Which secrets of the user a message may tell.</summary>
[Flags]
public enum MessageSensitivity
{
    None = 0,
    UserData = 0x1,
    Schema = 0x2,
    Unknown = ~0,
    All = ~0,
}
