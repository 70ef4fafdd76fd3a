using System.Text;

namespace Microsoft.ML;

/// <summary>The first bytes of a model's main stream: its format, versions and loader.</summary>
internal sealed class ModelHeader
{
    private const ulong FileSignature = 0x4C444D2D50534C4D;

    public ulong ModelSignature { get; private set; }

    public uint ModelVerWritten { get; private set; }

    public uint ModelVerReadable { get; private set; }

    public string LoaderSignature { get; private set; }

    public string LoaderSignatureAlt { get; private set; }

    public string LoaderAssemblyName { get; private set; }

    private ModelHeader()
    {
    }

    public ModelHeader(VersionInfo version)
    {
        ModelSignature = version.ModelSignature;
        ModelVerWritten = version.VerWrittenCur;
        ModelVerReadable = version.VerReadableCur;
        LoaderSignature = version.LoaderSignature ?? "";
        LoaderSignatureAlt = version.LoaderSignatureAlt ?? "";
        LoaderAssemblyName = version.LoaderAssemblyName ?? "";
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(FileSignature);
        writer.Write(ModelSignature);
        writer.Write(ModelVerWritten);
        writer.Write(ModelVerReadable);
        writer.Write(LoaderSignature);
        writer.Write(LoaderSignatureAlt);
        writer.Write(LoaderAssemblyName);
    }

    public static ModelHeader Read(BinaryReader reader)
    {
        try
        {
            if (reader.ReadUInt64() != FileSignature)
            {
                throw ModelError.Decode("The stream is not the main stream of a model.");
            }

            return new ModelHeader
            {
                ModelSignature = reader.ReadUInt64(),
                ModelVerWritten = reader.ReadUInt32(),
                ModelVerReadable = reader.ReadUInt32(),
                LoaderSignature = reader.ReadString(),
                LoaderSignatureAlt = reader.ReadString(),
                LoaderAssemblyName = reader.ReadString()
            };
        }
        catch (Exception ex) when (ex is EndOfStreamException or DecoderFallbackException)
        {
            throw ModelError.Decode("The header of the model is damaged.", ex);
        }
    }

    public void Check(VersionInfo version)
    {
        if (ModelSignature != version.ModelSignature)
        {
            throw ModelError.Decode($"The model is of another kind than the loader '{version.LoaderSignature}' reads.");
        }

        if (ModelVerReadable > ModelVerWritten)
        {
            throw ModelError.Decode("The header of the model is damaged: it says it is readable only by code newer than itself.");
        }

        if (ModelVerReadable > version.VerWrittenCur)
        {
            throw ModelError.Decode($"The model is too new for the component '{version.LoaderSignature}': it needs version " +
                $"{ModelVerReadable:X8}, this is {version.VerWrittenCur:X8}. Update the package that holds the component.");
        }

        if (ModelVerWritten < version.VerWeCanReadBack)
        {
            throw ModelError.Decode($"The model is too old for the component '{version.LoaderSignature}': it has version " +
                $"{ModelVerWritten:X8}, the oldest that can be read is {version.VerWeCanReadBack:X8}.");
        }
    }
}
