using System.Globalization;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Spatial.Persistence;

/// <summary>
/// Everything this library takes from inside ML.NET, by reflection, in one table: what a model needs to write itself into and read itself
/// from <c>model.zip</c>, and the environment behind a catalog. ML.NET has not changed these members from 1.4 on.
/// </summary>
internal static class MlNetInternals
{
    private const BindingFlags Anywhere = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Core = typeof(ITransformer).Assembly;
    private static readonly Assembly Data = typeof(MLContext).Assembly;

    private static readonly Lazy<ConstructorInfo> NewVersion = new(() => (ConstructorInfo)Find("Microsoft.ML.VersionInfo", ".ctor"));
    private static readonly Lazy<MethodInfo> SetVersion = new(() => (MethodInfo)Find("Microsoft.ML.ModelSaveContext", "SetVersionInfo"));
    private static readonly Lazy<MethodInfo> SaveStream = new(() => (MethodInfo)Find("Microsoft.ML.ModelSaveContext", "SaveBinaryStream"));
    private static readonly Lazy<MethodInfo> CheckVersion = new(() => (MethodInfo)Find("Microsoft.ML.ModelLoadContext", "CheckAtModel"));
    private static readonly Lazy<MethodInfo> LoadStream = new(() => (MethodInfo)Find("Microsoft.ML.ModelLoadContext", "TryLoadBinaryStream"));
    private static readonly Lazy<PropertyInfo> CatalogEnvironment = new(() => (PropertyInfo)Find("Microsoft.ML.Data.IInternalCatalog", "Environment"));
    private static readonly Lazy<PropertyInfo> TrainEnvironment = new(() => (PropertyInfo)Find("Microsoft.ML.TrainCatalogBase", "Environment"));
    private static readonly Lazy<PropertyInfo> TrainersOwner = new(() => (PropertyInfo)Find("Microsoft.ML.TrainCatalogBase+CatalogInstantiatorBase", "Owner"));
    private static readonly Lazy<PropertyInfo> GpuDeviceIdOf = new(() => (PropertyInfo)Find("Microsoft.ML.Runtime.IHostEnvironmentInternal", "GpuDeviceId"));
    private static readonly Lazy<PropertyInfo> FallbackToCpuOf = new(() => (PropertyInfo)Find("Microsoft.ML.Runtime.IHostEnvironmentInternal", "FallbackToCpu"));

    /// <summary>The table: declaring type, member, and its parameter types (of a property: its type).</summary>
    public static IReadOnlyList<(string Type, string Member, string Signature)> Members { get; } =
    [
        ("Microsoft.ML.VersionInfo", ".ctor", "String, UInt32, UInt32, UInt32, String, String, String"),
        ("Microsoft.ML.ModelSaveContext", "SetVersionInfo", "VersionInfo"),
        ("Microsoft.ML.ModelSaveContext", "SaveBinaryStream", "String, Action<BinaryWriter>"),
        ("Microsoft.ML.ModelLoadContext", "CheckAtModel", "VersionInfo"),
        ("Microsoft.ML.ModelLoadContext", "TryLoadBinaryStream", "String, Action<BinaryReader>"),
        ("Microsoft.ML.Data.IInternalCatalog", "Environment", "IHostEnvironment"),
        ("Microsoft.ML.TrainCatalogBase", "Environment", "IHostEnvironment"),
        ("Microsoft.ML.TrainCatalogBase+CatalogInstantiatorBase", "Owner", "TrainCatalogBase"),
        ("Microsoft.ML.Runtime.IHostEnvironmentInternal", "GpuDeviceId", "Nullable<Int32>"),
        ("Microsoft.ML.Runtime.IHostEnvironmentInternal", "FallbackToCpu", "Boolean"),
    ];

    /// <summary>The environment of <c>ml.Transforms</c>.</summary>
    public static IHostEnvironment EnvironmentOf(TransformsCatalog catalog) => (IHostEnvironment)Get(CatalogEnvironment, catalog)!;

    /// <summary>The environment of <c>ml.Data</c>.</summary>
    public static IHostEnvironment EnvironmentOf(DataOperationsCatalog catalog) => (IHostEnvironment)Get(CatalogEnvironment, catalog)!;

    /// <summary>The environment of <c>ml.MulticlassClassification.Trainers</c>.</summary>
    public static IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase trainers) => (IHostEnvironment)Get(TrainEnvironment, Get(TrainersOwner, trainers)!)!;

    /// <summary><c>MLContext.GpuDeviceId</c> and <c>FallbackToCpu</c>, from the context itself or from the environment one of its catalogs hands out.</summary>
    public static (int? GpuDeviceId, bool FallbackToCpu) GpuSettingsOf(IHostEnvironment environment)
    {
        if (environment is MLContext context)
        {
            return (context.GpuDeviceId, context.FallbackToCpu);
        }

        // An environment that is not ML.NET's own has no such settings.
        return GpuDeviceIdOf.Value.DeclaringType!.IsInstanceOfType(environment)
            ? ((int?)Get(GpuDeviceIdOf, environment), (bool)Get(FallbackToCpuOf, environment)!)
            : (null, false);
    }

    /// <summary>Writes the version and one binary stream of a component.</summary>
    public static void Save(ModelSaveContext context, ModelVersion version, string stream, Action<BinaryWriter> write)
    {
        Call(SetVersion, context, VersionOf(version));
        Call(SaveStream, context, stream, write);
    }

    /// <summary>Checks the version and reads one binary stream of a component.</summary>
    /// <param name="context">ML.NET's <c>ModelLoadContext</c>, which is internal.</param>
    /// <param name="version">What this library writes and can read.</param>
    /// <param name="stream">The stream's name.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="FormatException">The model has no such stream, or is of a version that cannot be read (as ML.NET reports it).</exception>
    public static void Load(object context, ModelVersion version, string stream, Action<BinaryReader> read)
    {
        Call(CheckVersion, context, VersionOf(version));
        if (!(bool)Call(LoadStream, context, stream, read)!)
        {
            throw new FormatException($"The model file has no stream '{stream}' for {version.LoaderSignature}: it is damaged.");
        }
    }

    private static object VersionOf(ModelVersion version) => NewVersion.Value.Invoke(
    [
        version.ModelSignature, version.Written, version.Readable, version.OldestRead, typeof(MlNetInternals).Assembly.GetName().Name!, version.LoaderSignature, null,
    ]);

    private static object? Call(Lazy<MethodInfo> method, object target, params object[] arguments) =>
        method.Value.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);

    private static object? Get(Lazy<PropertyInfo> property, object target) =>
        property.Value.GetValue(target, BindingFlags.DoNotWrapExceptions, null, null, CultureInfo.InvariantCulture);

    private static MemberInfo Find(string type, string member)
    {
        var signature = Members.Single(entry => entry.Type == type && entry.Member == member).Signature;
        var declaring = Core.GetType(type) ?? Data.GetType(type);
        return declaring?.GetMember(member, Anywhere).FirstOrDefault(candidate => SignatureOf(candidate) == signature)
            ?? throw new MissingMemberException($"This version of ML.NET ({Data.GetName().Version}) has no member {type}.{member} ({signature}), which Microsoft.ML.Spatial needs. Use Microsoft.ML 5.0.0.");
    }

    private static string SignatureOf(MemberInfo member) => member switch
    {
        MethodBase method => string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType))),
        PropertyInfo property => NameOf(property.PropertyType),
        _ => "",
    };

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
