namespace Microsoft.ML.Runtime;

/// <summary>Carries messages to whoever listens.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
}
