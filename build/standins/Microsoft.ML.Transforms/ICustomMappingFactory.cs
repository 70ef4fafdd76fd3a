using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Makes the transformer of a custom mapping, of whatever row classes.</summary>
internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(IHostEnvironment env, string contractName);
}
