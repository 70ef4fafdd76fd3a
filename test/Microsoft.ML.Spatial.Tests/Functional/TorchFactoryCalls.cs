using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>Finds, in the compiled code of an assembly, every use of a TorchSharp method that makes a tensor from nothing.</summary>
internal static class TorchFactoryCalls
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    internal static List<string> In(Assembly assembly) =>
    [
        .. from type in assembly.GetTypes()
           from method in type.GetMembers(Everything).OfType<MethodBase>()
           from called in Called(method)
           where IsFactory(called)
           select $"{type.FullName}.{method.Name} calls {called.DeclaringType!.FullName}.{called.Name}",
    ];

    private static bool IsFactory(MethodBase method)
    {
        if (method is not MethodInfo { IsStatic: true } info || info.DeclaringType!.Assembly != typeof(torch).Assembly || info.ReturnType != typeof(torch.Tensor))
            return false;

        // The state of the random generator is bookkeeping, always on the CPU.
        if (info.Name == "get_rng_state")
            return false;
        var parameters = info.GetParameters().Select(parameter => parameter.ParameterType).ToArray();

        // A custom function of torch's graph takes its tensors as objects.
        return parameters.Contains(typeof(torch.Device)) || !(parameters.Any(IsTensor) || parameters.Contains(typeof(object[])));
    }

    private static bool IsTensor(Type type) =>
        typeof(torch.Tensor).IsAssignableFrom(type) || typeof(IEnumerable<torch.Tensor>).IsAssignableFrom(type);

    private static IEnumerable<MethodBase> Called(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
            yield break;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == 0xFE ? 0xFE00 | il[at + 1] : il[at];
            at += value > 0xFF ? 2 : 1;
            var operand = OpCodesByValue[value].OperandType;
            if (operand == OperandType.InlineMethod)
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(il, at), typeArguments, methodArguments)!;
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }
}
