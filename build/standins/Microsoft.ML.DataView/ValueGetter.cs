namespace Microsoft.ML;

/// <summary>Writes a value of the current row; may reuse what the reference holds.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
