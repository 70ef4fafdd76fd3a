using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace PackageApi;

/// <summary>What a method's code mentions.</summary>
internal static class MethodBody
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The handles of every type, field and method that the code names, and of its locals' signature.</summary>
    public static IEnumerable<EntityHandle> Handles(PEReader image, MethodDefinition method)
    {
        if (method.RelativeVirtualAddress == 0)
        {
            return [];
        }

        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        var handles = new List<EntityHandle>();
        if (!body.LocalSignature.IsNil)
        {
            handles.Add(body.LocalSignature);
        }

        handles.AddRange(body.ExceptionRegions.Where(region => !region.CatchType.IsNil).Select(region => region.CatchType));
        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            ReadInstruction(ref code, handles);
        }

        return handles;
    }

    private static void ReadInstruction(ref BlobReader code, List<EntityHandle> handles)
    {
        var first = code.ReadByte();
        // 0xFE begins the instructions of two bytes.
        var value = first == 0xFE ? unchecked((short)(0xFE00 | code.ReadByte())) : first;
        switch (OpCodesByValue[value].OperandType)
        {
            case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineTok or OperandType.InlineType:
                handles.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                break;
            case OperandType.InlineSwitch:
                var targets = code.ReadInt32();
                code.Offset += 4 * targets;
                break;
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                code.Offset += 1;
                break;
            case OperandType.InlineVar:
                code.Offset += 2;
                break;
            case OperandType.InlineI8 or OperandType.InlineR:
                code.Offset += 8;
                break;
            default:
                code.Offset += 4;
                break;
        }
    }
}
