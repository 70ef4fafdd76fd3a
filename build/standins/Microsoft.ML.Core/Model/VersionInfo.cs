namespace Microsoft.ML;

/// <summary>What a component writes beside its data: which format, how new, and who can load it.</summary>
internal readonly struct VersionInfo
{
    internal const int MaxLoaderSignatureLength = 24;

    private const int ModelSignatureLength = 8;

    /// <summary>The eight characters of the name, the first in the lowest byte.</summary>
    public readonly ulong ModelSignature;

    public readonly uint VerWrittenCur;

    /// <summary>The oldest code version that can read what is written now.</summary>
    public readonly uint VerReadableCur;

    /// <summary>The oldest written version that this code can read.</summary>
    public readonly uint VerWeCanReadBack;

    public readonly string LoaderAssemblyName;

    public readonly string LoaderSignature;

    public readonly string LoaderSignatureAlt;

    public VersionInfo(string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack,
        string loaderAssemblyName, string loaderSignature = null, string loaderSignatureAlt = null)
    {
        if (modelSignature == null || modelSignature.Length != ModelSignatureLength)
        {
            throw new ArgumentException($"A model signature has exactly {ModelSignatureLength} characters, '{modelSignature}' has not.",
                nameof(modelSignature));
        }

        if (verWrittenCur < verReadableCur || verReadableCur == 0 || verWeCanReadBack == 0 || verWrittenCur < verWeCanReadBack)
        {
            throw new ArgumentException("A readable version is positive and no newer than the version written.", nameof(verWrittenCur));
        }

        CheckLoaderSignature(loaderSignature, nameof(loaderSignature));
        CheckLoaderSignature(loaderSignatureAlt, nameof(loaderSignatureAlt));

        ModelSignature = 0;
        for (int i = 0; i < ModelSignatureLength; i++)
        {
            if (modelSignature[i] > 0xFF)
            {
                throw new ArgumentException($"A model signature holds Latin-1 characters only, '{modelSignature}' does not.", nameof(modelSignature));
            }

            ModelSignature |= (ulong)modelSignature[i] << (8 * i);
        }

        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }

    private static void CheckLoaderSignature(string signature, string parameter)
    {
        if (signature == null)
        {
            return;
        }

        if (signature.Length > MaxLoaderSignatureLength)
        {
            throw new ArgumentException($"A loader signature has at most {MaxLoaderSignatureLength} characters, '{signature}' has {signature.Length}.",
                parameter);
        }

        foreach (char c in signature)
        {
            if (c > 0xFF)
            {
                throw new ArgumentException($"A loader signature holds Latin-1 characters only, '{signature}' does not.", parameter);
            }
        }
    }
}
