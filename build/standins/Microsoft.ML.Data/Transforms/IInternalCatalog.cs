using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A catalogue as the components behind its extension methods see it.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
