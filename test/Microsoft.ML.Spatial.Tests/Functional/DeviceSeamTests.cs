using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

/// <summary>No tensor may land on a device by default: only the factory, which is told the device, makes tensors.</summary>
[TestClass]
public class DeviceSeamTests
{
    [TestMethod]
    public void OnlyTheFactoryMakesTensors()
    {
        var calls = TorchFactoryCalls.In(typeof(SpatialOps).Assembly);

        // The three factories it wraps are seen, so the search works on this assembly too.
        var factory = typeof(TensorFactory).FullName!;
        Assert.IsTrue(calls.Any(call => call.StartsWith(factory, StringComparison.Ordinal)), "The factory itself was not found.");
        var others = calls.Where(call => !call.StartsWith(factory, StringComparison.Ordinal)).ToArray();
        Assert.IsEmpty(others, string.Join(Environment.NewLine, others));
    }

    [TestMethod]
    [DataRow(nameof(MakesZeros), "torch.zeros")]
    [DataRow(nameof(LeavesValuesOpenInALambda), "torch.empty")]
    public void TheSearchFindsOffenders(string method, string factory)
    {
        var calls = TorchFactoryCalls.In(typeof(DeviceSeamTests).Assembly).Select(call => call.Replace('+', '.'));

        Assert.IsTrue(calls.Any(call => call.Contains(method, StringComparison.Ordinal) && call.EndsWith(factory, StringComparison.Ordinal)));
    }

    [TestMethod]
    public void TheSearchLeavesOtherOperatorsAlone()
    {
        var calls = TorchFactoryCalls.In(typeof(DeviceSeamTests).Assembly);

        Assert.IsFalse(calls.Any(call => call.Contains(nameof(Concatenates), StringComparison.Ordinal)));
    }

    private static Tensor MakesZeros() => torch.zeros([2], device: CPU);

    private static Func<Tensor> LeavesValuesOpenInALambda() => () => torch.empty([2]);

    private static Tensor Concatenates(Tensor a, Tensor b) => torch.cat([a, b], 1);
}
