namespace Microsoft.ML;

/// <summary>Says of an assembly: under these names and for this signature, this type makes instances.</summary>
internal abstract class LoadableClassAttributeBase : Attribute
{
    /// <summary>The declared type of what the loader makes.</summary>
    public readonly Type InstanceType;

    /// <summary>The type with the static method Create.</summary>
    public readonly Type LoaderType;

    /// <summary>The type of an options object that Create takes first; null for none.</summary>
    public readonly Type ArgType;

    /// <summary>A delegate type whose parameters are those of Create.</summary>
    public readonly Type SignatureType;

    public readonly string[] LoadNames;

    protected LoadableClassAttributeBase(Type instType, Type loaderType, Type argType, Type sigType, string[] loadNames)
    {
        if (instType == null)
        {
            throw new ArgumentNullException(nameof(instType));
        }

        if (sigType == null)
        {
            throw new ArgumentNullException(nameof(sigType));
        }

        if (loadNames == null || loadNames.Length == 0)
        {
            throw new ArgumentException($"A loadable class needs at least one name; '{instType}' has none.", nameof(loadNames));
        }

        InstanceType = instType;
        LoaderType = loaderType ?? instType;
        ArgType = argType;
        SignatureType = sigType;
        LoadNames = loadNames;
    }
}

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : LoadableClassAttributeBase
{
    /// <param name="instType">The declared type of what the loader makes.</param>
    /// <param name="loaderType">The type with the static method Create.</param>
    /// <param name="argType">The type of an options object that Create takes first; null for none.</param>
    /// <param name="sigType">A delegate type whose parameters are those of Create.</param>
    /// <param name="userName">For lists of what there is, which nobody makes here.</param>
    /// <param name="loadNames">The names.</param>
    public LoadableClassAttribute(Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        : base(instType, loaderType, argType, sigType, loadNames)
    {
    }
}
