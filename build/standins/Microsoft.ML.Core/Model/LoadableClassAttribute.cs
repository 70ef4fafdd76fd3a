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

    public readonly string Summary;

    public readonly string UserName;

    public readonly string[] LoadNames;

    protected LoadableClassAttributeBase(string summary, Type instType, Type loaderType, Type argType, Type sigType, string userName, string[] loadNames)
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

        Summary = summary;
        InstanceType = instType;
        LoaderType = loaderType ?? instType;
        ArgType = argType;
        SignatureType = sigType;
        UserName = userName;
        LoadNames = loadNames;
    }
}

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : LoadableClassAttributeBase
{
    public LoadableClassAttribute(Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : base(null, instType, instType, argType, sigType, userName, loadNames)
    {
    }

    public LoadableClassAttribute(Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        : base(null, instType, loaderType, argType, sigType, userName, loadNames)
    {
    }

    public LoadableClassAttribute(string summary, Type instType, Type argType, Type sigType, string userName, params string[] loadNames)
        : base(summary, instType, instType, argType, sigType, userName, loadNames)
    {
    }

    public LoadableClassAttribute(string summary, Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        : base(summary, instType, loaderType, argType, sigType, userName, loadNames)
    {
    }
}
