using Microsoft.ML.Spatial.Training;
using TorchSharp;

namespace Microsoft.ML.Spatial.Tests.Training;

[TestClass]
public sealed class TrainingDeviceTests
{
    [TestMethod]
    public void NoIndexIsTheCpu()
    {
        var (device, warning) = TrainingDevice.Choose(null, fallbackToCpu: false, () => 2);
        Assert.AreEqual(DeviceType.CPU, device.type);
        Assert.IsNull(warning);
    }

    [TestMethod]
    public void AnIndexThatIsThereIsThatDevice()
    {
        var (device, warning) = TrainingDevice.Choose(1, fallbackToCpu: true, () => 2);
        Assert.AreEqual(DeviceType.CUDA, device.type);
        Assert.AreEqual(1, device.index);
        Assert.IsNull(warning);
    }

    [TestMethod]
    public void AnIndexThatIsNotThereFallsBackWithAWarningOrFails()
    {
        var (device, warning) = TrainingDevice.Choose(2, fallbackToCpu: true, () => 2);
        Assert.AreEqual(DeviceType.CPU, device.type);
        StringAssert.Contains(warning, "finds 2 CUDA devices");

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TrainingDevice.Choose(2, fallbackToCpu: false, () => 2));
        StringAssert.Contains(error.Message, "GpuDeviceId is 2");
    }

    [TestMethod]
    public void ANegativeIndexIsRefused() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TrainingDevice.Choose(-1, fallbackToCpu: true, () => 2));

    [TestMethod]
    public void AMissingNativeLibraryNamesThePackageToAdd()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => NativeTorch.Call<int>(() => throw new DllNotFoundException("LibTorchSharp")));
        StringAssert.Contains(error.Message, "TorchSharp-cpu");
    }
}
