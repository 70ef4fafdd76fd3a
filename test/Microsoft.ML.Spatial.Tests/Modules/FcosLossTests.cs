using Microsoft.ML.Spatial.Functional;
using Microsoft.ML.Spatial.Modules;
using Microsoft.ML.Spatial.Tests.Functional;
using TorchSharp;
using static Microsoft.ML.Spatial.Tests.Functional.TestTensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Spatial.Tests.Modules;

[TestClass]
public class FcosLossTests
{
    private const int Classes = 3;

    [TestMethod]
    [DataRow(6, 0)]
    [DataRow(4, 5)]
    [DataRow(0, 0)]
    public void IsThatOfTheDefinition(int objectsOfFirst, int objectsOfSecond)
    {
        const int height = 90, width = 141;
        using var scope = torch.NewDisposeScope();
        var locations = FcosLocation.All([new(8, 1), new(16, 1)], height, width);
        ImageObjects[] images =
        [
            NaiveDetection.Objects(1, objectsOfFirst, height, width, Classes, 8, width), NaiveDetection.Objects(2, objectsOfSecond, height, width, Classes, 8, width),
        ];
        var targets = new FcosTargets(images, Classes, locations);
        var all = 2 * locations.Length;
        var (logits, distances, centres) = (Uniform(3, all * Classes, -5, 5), Uniform(4, all * 4, 0.1, 60), Uniform(5, all, -3, 3));
        var said = Singles(logits, 2, locations.Length, Classes).requires_grad_();

        var losses = FcosLoss.Of(new FcosOutput(said, Singles(distances, 2, locations.Length, 4), Singles(centres, 2, locations.Length)), targets, locations);

        CollectionAssert.AreEqual(new[] { "Classification", "Box", "Centerness" }, losses.Select(loss => loss.Name).ToArray());
        var count = targets.Positives.Count;
        Assert.AreEqual(objectsOfFirst + objectsOfSecond > 0, count > 0);
        var focal = Enumerable.Range(0, logits.Length).Sum(i => NaiveDetection.Focal(logits[i], targets.Presence[i] == 1));
        var (apart, weights, entropy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var (at, centerness) = ((int)targets.Positives[i], (double)targets.Centerness[i]);
            var location = locations[at % locations.Length];
            double[] box = [location.X - distances[4 * at], location.Y - distances[(4 * at) + 1], location.X + distances[(4 * at) + 2], location.Y + distances[(4 * at) + 3]];
            apart += centerness * (1 - TestBoxes.Overlap(box, NaiveDetection.Boxes(targets.Boxes)[i]).Generalized);
            weights += centerness;
            entropy -= (centerness * Math.Log(NaiveDetection.Sigmoid(centres[at]))) + ((1 - centerness) * Math.Log(1 - NaiveDetection.Sigmoid(centres[at])));
        }

        AreClose([focal / Math.Max(1, count)], losses[0].Value, 1e-5);
        AreClose([count == 0 ? 0 : apart / weights], losses[1].Value, 1e-5);
        AreClose([count == 0 ? 0 : entropy / count], losses[2].Value, 1e-5);

        // Without an object there is still something to learn.
        losses.Select(loss => loss.Value).Aggregate((sum, loss) => sum.add(loss)).backward();
        Assert.IsTrue(Values(said.grad!).All(value => double.IsFinite(value) && value != 0));
    }
}
