using Microsoft.ML.Spatial.Modules;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class FcosLocationTests
{
    [TestMethod]
    public void StandInTheMiddleOfEveryPositionLevelByLevelRowByRow()
    {
        var locations = FcosLocation.All([new(8, 4), new(16, 4), new(32, 4)], 20, 33);

        // ⌈20 / 8⌉·⌈33 / 8⌉, ⌈20 / 16⌉·⌈33 / 16⌉, 1·2.
        Assert.HasCount(15 + 6 + 2, locations);
        Assert.AreEqual(new FcosLocation(4, 4, 8, 0, 64), locations[0]);
        Assert.AreEqual(new FcosLocation(36, 4, 8, 0, 64), locations[4]);
        Assert.AreEqual(new FcosLocation(4, 12, 8, 0, 64), locations[5]);
        Assert.AreEqual(new FcosLocation(36, 20, 8, 0, 64), locations[14]);
        Assert.AreEqual(new FcosLocation(8, 8, 16, 64, 128), locations[15]);
        Assert.AreEqual(new FcosLocation(40, 24, 16, 64, 128), locations[20]);
        Assert.AreEqual(new FcosLocation(16, 16, 32, 128, float.PositiveInfinity), locations[21]);
        Assert.AreEqual(new FcosLocation(48, 16, 32, 128, float.PositiveInfinity), locations[22]);
    }

    /// <summary>Tian et al. 2019, section 3.2: 0, 64, 128, 256, 512 and no end for strides from 8 to 128.</summary>
    [TestMethod]
    public void ReachOfFiveLevelsIsThePapers()
    {
        var locations = FcosLocation.All([new(8, 1), new(16, 1), new(32, 1), new(64, 1), new(128, 1)], 1, 1);

        CollectionAssert.AreEqual(new float[] { 0, 64, 128, 256, 512 }, Array.ConvertAll(locations, location => location.LeastReach));
        CollectionAssert.AreEqual(new[] { 64, 128, 256, 512, float.PositiveInfinity }, Array.ConvertAll(locations, location => location.MostReach));
        Assert.AreEqual(new FcosLocation(4, 4, 8, 0, float.PositiveInfinity), FcosLocation.All([new(8, 1)], 1, 1).Single());
    }
}
