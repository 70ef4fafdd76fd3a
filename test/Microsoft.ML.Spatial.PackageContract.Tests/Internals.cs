namespace Microsoft.ML.Spatial.PackageContract.Tests;

/// <summary>All that may be taken from inside ML.NET: what a model needs to be saved and loaded, and the environment behind a catalog.</summary>
internal static class Internals
{
    /// <summary>Reached by reflection: type, member and signature as the library's table writes them, and the documentation identifier.</summary>
    public static IReadOnlyList<(string Type, string Member, string Signature, string Id)> Reflected { get; } =
    [
        ("Microsoft.ML.VersionInfo", ".ctor", "String, UInt32, UInt32, UInt32, String, String, String",
            "M:Microsoft.ML.VersionInfo.#ctor(System.String,System.UInt32,System.UInt32,System.UInt32,System.String,System.String,System.String)"),
        ("Microsoft.ML.ModelSaveContext", "SetVersionInfo", "VersionInfo",
            "M:Microsoft.ML.ModelSaveContext.SetVersionInfo(Microsoft.ML.VersionInfo)"),
        ("Microsoft.ML.ModelSaveContext", "SaveBinaryStream", "String, Action<BinaryWriter>",
            "M:Microsoft.ML.ModelSaveContext.SaveBinaryStream(System.String,System.Action{System.IO.BinaryWriter})"),
        ("Microsoft.ML.ModelLoadContext", "CheckAtModel", "VersionInfo",
            "M:Microsoft.ML.ModelLoadContext.CheckAtModel(Microsoft.ML.VersionInfo)"),
        ("Microsoft.ML.ModelLoadContext", "TryLoadBinaryStream", "String, Action<BinaryReader>",
            "M:Microsoft.ML.ModelLoadContext.TryLoadBinaryStream(System.String,System.Action{System.IO.BinaryReader})"),
        ("Microsoft.ML.Data.IInternalCatalog", "Environment", "IHostEnvironment",
            "P:Microsoft.ML.Data.IInternalCatalog.Environment"),
        ("Microsoft.ML.TrainCatalogBase", "Environment", "IHostEnvironment",
            "P:Microsoft.ML.TrainCatalogBase.Environment"),
        ("Microsoft.ML.TrainCatalogBase+CatalogInstantiatorBase", "Owner", "TrainCatalogBase",
            "P:Microsoft.ML.TrainCatalogBase.CatalogInstantiatorBase.Owner"),
        ("Microsoft.ML.Runtime.IHostEnvironmentInternal", "GpuDeviceId", "Nullable<Int32>",
            "P:Microsoft.ML.Runtime.IHostEnvironmentInternal.GpuDeviceId"),
        ("Microsoft.ML.Runtime.IHostEnvironmentInternal", "FallbackToCpu", "Boolean",
            "P:Microsoft.ML.Runtime.IHostEnvironmentInternal.FallbackToCpu"),
    ];

    /// <summary>Named by the attribute that tells ML.NET who loads a model.</summary>
    public static IReadOnlyList<string> Attribute { get; } =
    [
        "T:Microsoft.ML.LoadableClassAttribute",
        "M:Microsoft.ML.LoadableClassAttribute.#ctor(System.Type,System.Type,System.Type,System.Type,System.String,System.String[])",
        "T:Microsoft.ML.SignatureLoadModel",
    ];

    /// <summary>Only the library may use the attribute; what is reached by reflection leaves no reference.</summary>
    public static bool IsAllowed(MemberUse use)
        => use is { From: "Microsoft.ML.Spatial", To: "Microsoft.ML.Core" } && Attribute.Contains(use.Ids[0]);
}
