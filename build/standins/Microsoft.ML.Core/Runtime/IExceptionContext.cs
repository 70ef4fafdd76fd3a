namespace Microsoft.ML.Runtime;

/// <summary>What can put on an exception where it comes from.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}
