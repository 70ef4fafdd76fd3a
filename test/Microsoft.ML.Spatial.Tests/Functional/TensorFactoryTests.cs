using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class TensorFactoryTests
{
    [TestMethod]
    public void CopiesTheArray()
    {
        using var scope = torch.NewDisposeScope();
        var data = new float[] { 1, 2, 3, 4, 5, 6 };
        var tensor = TensorFactory.FromArray<float>(data, [2, 3], CPU);
        data[0] = 99;

        Assert.AreEqual(ScalarType.Float32, tensor.dtype);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, tensor.shape);
        AreClose([1, 2, 3, 4, 5, 6], tensor, 0);
        Assert.AreEqual(ScalarType.Int64, TensorFactory.FromArray<long>([7, 8], [2], CPU).dtype);
        Assert.AreEqual(ScalarType.Float64, TensorFactory.FromArray<double>([7, 8], [2], CPU).dtype);
        Assert.AreEqual(ScalarType.Byte, TensorFactory.FromArray<byte>([7, 8], [2], CPU).dtype);
    }

    [TestMethod]
    [DoNotParallelize]
    public void TellsTheDeviceOfEveryTensor()
    {
        using var scope = torch.NewDisposeScope();
        var seen = new List<DeviceType>();
        void Watch(Device device) => seen.Add(device.type);
        TensorFactory.Created += Watch;
        try
        {
            TensorFactory.Empty([2], ScalarType.Float32, CPU);
            TensorFactory.Zeros([2], ScalarType.Float32, CPU);
            TensorFactory.FromArray(new float[] { 1 }, [1], CPU);
        }
        finally
        {
            TensorFactory.Created -= Watch;
        }

        CollectionAssert.AreEqual(new[] { DeviceType.CPU, DeviceType.CPU, DeviceType.CPU }, seen);
    }

    [TestMethod]
    public void RefusesAShapeOfAnotherSize()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => TensorFactory.FromArray<float>(new float[5], [2, 3], CPU));
        StringAssert.Contains(error.Message, "[2, 3] has 6 elements, but data has 5");
    }
}
