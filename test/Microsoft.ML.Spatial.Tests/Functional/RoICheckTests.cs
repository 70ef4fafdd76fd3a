using Microsoft.ML.Spatial.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Functional;

[TestClass]
public class RoICheckTests
{
    private static readonly double[] Good = [0, 1, 1, 3, 3, 1, 0, 0, 2, 2];

    public static IEnumerable<object[]> Poolings => RoIs.Keys.Select(name => new object[] { name });

    private static Dictionary<string, Func<Tensor, Tensor, Tensor>> RoIs => new()
    {
        ["RoIAlign"] = (input, rois) => SpatialOps.RoIAlign(input, rois, 2, 2),
        ["RoIPool"] = (input, rois) => SpatialOps.RoIPool(input, rois, 2, 2),
        ["PSRoIPool"] = (input, rois) => SpatialOps.PSRoIPool(input, rois, 2, 2),
        ["PSRoIAlign"] = (input, rois) => SpatialOps.PSRoIAlign(input, rois, 2, 2),
        ["DeformRoIPool"] = (input, rois) => SpatialOps.DeformRoIPool(input, rois, null, 2, 2),
        ["DeformPSRoIPool"] = (input, rois) => SpatialOps.DeformPSRoIPool(input, rois, null, 2, 2, 2),
    };

    [TestMethod]
    [DynamicData(nameof(Poolings))]
    public void RefusesPicturesAndRoIsThatDoNotFit(string name)
    {
        using var scope = torch.NewDisposeScope();
        var pool = RoIs[name];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            var input = Of(Uniform(1, 2 * 8 * 5 * 4), 2, 8, 5, 4).to_type(type);
            var rois = Of(Good, 2, 5).to_type(type);
            Tensor With(int place, double value)
            {
                var changed = (double[])Good.Clone();
                changed[place] = value;
                return Of(changed, 2, 5).to_type(type);
            }

            Assert.Throws<ArgumentNullException>(() => pool(null!, rois));
            Assert.Throws<ArgumentNullException>(() => pool(input, null!));
            Refused("input", "[2, 160]", () => pool(input.reshape(2, 160), rois));
            Refused("input", "[2, 8, 0, 4]", () => pool(Of([], 2, 8, 0, 4).to_type(type), rois));
            Refused("rois", "[10]", () => pool(input, rois.reshape(10)));
            Refused("rois", "[5, 2]", () => pool(input, rois.reshape(5, 2)));
            Refused("rois", "Int64", () => pool(input, rois.to_type(ScalarType.Int64)));
            Refused("input", "Int64", () => pool(input.to_type(ScalarType.Int64), rois.to_type(ScalarType.Int64)));
            Refused("rois", "row 1 of rois is of picture 2; a whole number of at least 0 and below 2", () => pool(input, With(5, 2)));
            Refused("rois", "row 0 of rois is of picture -1;", () => pool(input, With(0, -1)));
            Refused("rois", "row 1 of rois is of picture 0.5;", () => pool(input, With(5, 0.5)));
            Refused("rois", "row 1 of rois is of picture NaN;", () => pool(input, With(5, double.NaN)));
            Refused("rois", "row 0 of rois has the coordinate NaN;", () => pool(input, With(2, double.NaN)));
            Refused("rois", "row 1 of rois has the coordinate Infinity;", () => pool(input, With(9, double.PositiveInfinity)));
            Refused("rois", "row 0 of rois has the coordinate 70000; at most 65536", () => pool(input, With(3, 70000)));
            Refused("rois", "below 0", () => pool(input.narrow(0, 0, 0), rois));
        }
    }

    [TestMethod]
    public void RefusesNumbersThatDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        var (input, rois) = (Singles(Uniform(1, 2 * 8 * 5 * 4), 2, 8, 5, 4), Singles(Good, 2, 5));
        Refused("outputHeight", "outputHeight is 0", () => SpatialOps.RoIAlign(input, rois, 0, 2));
        Refused("outputWidth", "outputWidth is -1", () => SpatialOps.RoIPool(input, rois, 2, -1));
        Refused("outputWidth", "outputWidth is 5000; it must be at most 4096", () => SpatialOps.RoIAlign(input, rois, 2, 5000));
        Refused("spatialScale", "spatialScale is 0", () => SpatialOps.RoIAlign(input, rois, 2, 2, 0));
        Refused("spatialScale", "spatialScale is NaN", () => SpatialOps.PSRoIPool(input, rois, 2, 2, double.NaN));
        Refused("spatialScale", "spatialScale is Infinity", () => SpatialOps.RoIPool(input, rois, 2, 2, double.PositiveInfinity));
        Refused("spatialScale", "spatialScale is 1E-60; it must be a finite number above 0 in single precision", () => SpatialOps.RoIPool(input, rois, 2, 2, 1e-60));
        Refused("spatialScale", "spatialScale is 1E+60", () => SpatialOps.RoIPool(input, Singles([], 0, 5), 2, 2, 1e60));
        Refused("gamma", "gamma is -1E+60; it must be a finite number in single precision", () => SpatialOps.DeformRoIPool(input, rois, null, 2, 2, gamma: -1e60));
        Refused("samplingRatio", "samplingRatio is 5000; it must be at most 1024", () => SpatialOps.RoIAlign(input, rois, 2, 2, 1, 5000));
        Refused("input", "input has 8 channels; a multiple of 3·2 = 6", () => SpatialOps.PSRoIAlign(input, rois, 3, 2));
        Refused("input", "input has 8 channels; a multiple of 3·3 = 9", () => SpatialOps.PSRoIPool(input, rois, 3, 3));
        Refused("gamma", "gamma is NaN", () => SpatialOps.DeformRoIPool(input, rois, null, 2, 2, gamma: double.NaN));
        var wide = Singles(new double[24], 2, 2, 2, 3);
        Refused("offsets", "offsets has shape [2, 2, 2, 3]; [2, 2, 2, 2] is needed", () => SpatialOps.DeformRoIPool(input, rois, wide, 2, 2));
        Refused("offsets", "Float64", () => SpatialOps.DeformRoIPool(input, rois, Of(new double[16], 2, 2, 2, 2), 2, 2));
        Tensor Deform(Tensor? offsets, long channels = 2, long groups = 2, long pooled = 2, long parts = 0, long samples = 4, double deviation = 0.1) =>
            SpatialOps.DeformPSRoIPool(input, rois, offsets, channels, groups, pooled, 1, parts, samples, deviation);
        Refused("outputChannels", "outputChannels is 0", () => Deform(null, channels: 0));
        Refused("groupSize", "groupSize is 0", () => Deform(null, groups: 0));
        Refused("pooledSize", "pooledSize is 0", () => Deform(null, pooled: 0));
        Refused("partSize", "partSize is -1", () => Deform(null, parts: -1));
        Refused("samplesPerPart", "samplesPerPart is 0", () => Deform(null, samples: 0));
        Refused("samplesPerPart", "at most 1024", () => Deform(null, samples: 2000));
        Refused("transStd", "transStd is Infinity", () => Deform(null, deviation: double.PositiveInfinity));
        Refused("input", "input has 8 channels; outputChannels·groupSize·groupSize = 3·2·2 = 12", () => Deform(null, channels: 3));
        Refused("offsets", "offsets has shape [2, 3, 2, 2]; [2, 2, 2, 2] is needed", () => Deform(Singles(new double[24], 2, 3, 2, 2)));
        Refused("offsets", "offsets has shape [2, 2, 2, 2]; [2, 2, 3, 3] is needed", () => Deform(Singles(new double[16], 2, 2, 2, 2), parts: 3));
        Refused("offsets", "offsets has 3 classes and outputChannels is 2;", () => Deform(Singles(new double[48], 2, 6, 2, 2)));
    }

    private static void Refused(string argument, string part, Action action)
    {
        var error = Assert.Throws<ArgumentException>(action);
        Assert.AreEqual(argument, error.ParamName);
        StringAssert.Contains(error.Message, part);
    }
}
