using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class DetectionNetworkSpecTests
{
    private static readonly DetectionNetworkSpec Spec = new() { Channels = 1, Classes = 2, Width = 8 };

    [TestMethod]
    public void RefusesWhatIsOutOfRange()
    {
        Refused(() => Spec with { Channels = 2 }, "Channels is 2; it must be 1 or 3.");
        Refused(() => Spec with { Classes = 0 }, "Classes is 0; it must be between 1 and 65536.");
        Refused(() => Spec with { Backbone = (BackboneKind)9 }, "Backbone is 9; it must be one of Compact, ResNet18,");
        Refused(() => Spec with { Width = 7 }, "Width is 7; it must be between 8 and 1024.");
        Refused(() => Spec with { DeformableLayers = -1 }, "DeformableLayers is -1;");
        Refused(() => Spec with { DeformGroups = 65 }, "DeformGroups is 65; it must be between 1 and 64.");
        Refused(() => Spec with { Proposals = 10_001 }, "Proposals is 10001; it must be between 1 and 10000.");
        Refused(() => Spec with { Architecture = (DetectionArchitecture)9 }, "Architecture is 9; it must be one of Fcos, FasterRcnn, Rfcn.");
    }

    [TestMethod]
    public void BuildsWhatItSays()
    {
        foreach (var architecture in Enum.GetValues<DetectionArchitecture>())
        {
            var spec = Spec with { Architecture = architecture, DeformableLayers = 1, IsModulated = false, DeformGroups = 2 };
            using var network = spec.Build();
            Assert.AreEqual(spec, network.Spec);
            Assert.AreEqual(network.named_parameters().Sum(entry => entry.parameter.NumberOfElements), network.ParameterCount);
            CollectionAssert.AreEqual(new long[] { 2 * 2 * 9, 8, 3, 3 }, network.get_parameter("backbone.5.convolution.offset.weight")!.shape);
            Assert.IsFalse(network.named_parameters().Any(entry => entry.name.Contains("mask") || entry.name.Contains("pool") || entry.name.StartsWith("backbone.4.convolution.offset")));
        }
    }

    private static void Refused(Func<DetectionNetworkSpec> make, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => make()).Message, message);
}
