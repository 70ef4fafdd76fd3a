// Only the shape of two internal types of Microsoft.ML.Core, for the compiler; nothing of this is shipped.
// The low version makes any Microsoft.ML.Core found at run time good enough.
[assembly: System.Reflection.AssemblyVersion("0.0.0.1")]

namespace Microsoft.ML
{
    [System.AttributeUsage(System.AttributeTargets.Assembly, AllowMultiple = true)]
    public sealed class LoadableClassAttribute : System.Attribute
    {
        public LoadableClassAttribute(System.Type instType, System.Type loaderType, System.Type argType, System.Type sigType, string userName, params string[] loadNames) { }
    }

    public delegate void SignatureLoadModel(object ctx);
}
