using Microsoft.ML.Spatial.Components;
using Microsoft.ML.Spatial.Data;
using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Tests.Data;

[TestClass]
public sealed class SceneAugmenterTests
{
    private const int Height = 40;
    private const int Width = 56;

    [TestMethod]
    [DataRow(1, 40, 56)]
    [DataRow(3, 40, 56)]
    [DataRow(1, 40, 30)]
    [DataRow(3, 17, 56)]
    public void ImagesAreThoseOfTheDefinition(int channels, int extentHeight, int extentWidth)
    {
        var (shape, extent) = (new ImageShape(channels, Height, Width), new ImageSize(extentHeight, extentWidth));
        var augmentation = new SceneAugmentation(0.5, new WarpRange(0.4, 2.5), 0.6, 0.7, 1.4);
        var (random, draws) = (new Random(11), new Random(11));
        var augmenter = new SceneAugmenter(augmentation, shape, random);
        for (var image = 0; image < 12; image++)
        {
            var planes = Noise(shape, extent, image);
            var expected = Expected(planes, shape, extent, augmentation, draws);
            augmenter.Apply(planes, extent, new ImageObjects([], []));
            for (var i = 0; i < planes.Length; i++)
                Assert.AreEqual(expected[i], planes[i], 2e-5, $"image {image}, value {i}");
        }
    }

    [TestMethod]
    public void WithoutAnyOptionOnlyTheFlipIsDrawnAndNothingChanges()
    {
        var (shape, extent) = (new ImageShape(3, Height, Width), new ImageSize(Height, Width));
        var random = new Random(4);
        var augmenter = new SceneAugmenter(new SceneAugmentation(0, new WarpRange(1, 1), 0, 0, 0), shape, random);
        var planes = Noise(shape, extent, 1);
        var before = planes.ToArray();
        var objects = augmenter.Apply(planes, extent, new ImageObjects([1, 2, 3, 4], [7]));

        CollectionAssert.AreEqual(before, planes);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, objects.Boxes);
        var other = new Random(4);
        other.NextDouble();
        Assert.AreEqual(other.Next(), random.Next());
    }

    [TestMethod]
    public void AFlipLeavesThePaddingWhereItIs()
    {
        var (shape, extent) = (new ImageShape(1, 3, 5), new ImageSize(2, 4));
        float[] planes = [1, 2, 3, 4, 0, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0];
        var objects = new SceneAugmenter(new SceneAugmentation(1, new WarpRange(1, 1), 0, 0, 0), shape, new Random(1)).Apply(planes, extent, new ImageObjects([0, 0, 1, 2], [0]));

        CollectionAssert.AreEqual(new float[] { 4, 3, 2, 1, 0, 8, 7, 6, 5, 0, 0, 0, 0, 0, 0 }, planes);
        CollectionAssert.AreEqual(new float[] { 3, 0, 4, 2 }, objects.Boxes);
    }

    [TestMethod]
    public void BoxesFitThePixelsAfterwards()
    {
        var shape = new ImageShape(1, Height, Width);
        var random = new Random(21);
        var augmenter = new SceneAugmenter(new SceneAugmentation(0.5, new WarpRange(0.4, 3), 0, 0, 0), shape, new Random(22));
        var (kept, clipped) = (0, 0);
        for (var image = 0; image < 300; image++)
        {
            var extent = image % 3 == 0 ? new ImageSize(Height, Width) : image % 3 == 1 ? new ImageSize(Height, 30) : new ImageSize(20, Width);
            var (width, height) = (6 + random.Next(10), 6 + random.Next(10));
            var (x, y) = (random.Next(extent.Width - width + 1), random.Next(extent.Height - height + 1));
            var planes = new float[shape.Length];
            for (var row = y; row < y + height; row++)
                planes.AsSpan((row * Width) + x, width).Fill(1);
            var objects = augmenter.Apply(planes, extent, new ImageObjects([x, y, x + width, y + height], [3]));
            if (objects.Count == 0)
                continue;
            kept++;
            CollectionAssert.AreEqual(new[] { 3 }, objects.Classes);
            int[] bright = [.. Enumerable.Range(0, planes.Length).Where(i => planes[i] > 0.5f)];
            float[] seen = [bright.Min(i => i % Width), bright.Min(i => i / Width), bright.Max(i => i % Width) + 1, bright.Max(i => i / Width) + 1];
            for (var side = 0; side < 4; side++)
                Assert.AreEqual(seen[side], objects.Boxes[side], 1, $"image {image}, side {side}");
            Assert.IsTrue(objects.Boxes[0] >= 0 && objects.Boxes[1] >= 0 && objects.Boxes[2] <= Width && objects.Boxes[3] <= Height);
            clipped += objects.Boxes[0] == 0 || objects.Boxes[1] == 0 || objects.Boxes[2] == Width || objects.Boxes[3] == Height ? 1 : 0;
        }

        Assert.IsGreaterThan(150, kept);
        Assert.IsGreaterThan(20, clipped);
    }

    [TestMethod]
    public void AnObjectOfWhichLittleIsSeenIsNone()
    {
        // Twice as large, moved by 10 to the left: of 0 to 10 nothing is left, of 0 to 7 and of 3 to 6 the part from 5 on.
        var zoom = new SceneZoom(2, -10, 0);
        var objects = SceneAugmentation.Zoomed(new ImageObjects([0, 0, 5, 5, 0, 0, 7, 5, 3, 0, 6, 5, 6, 1, 7, 2], [0, 1, 2, 3]), zoom, new ImageSize(40, 40));

        // 2 of 7 is below 0.3, 1 of 3 is not.
        CollectionAssert.AreEqual(new[] { 2, 3 }, objects.Classes);
        CollectionAssert.AreEqual(new float[] { 0, 0, 2, 10, 2, 2, 4, 4 }, objects.Boxes);
    }

    [TestMethod]
    public void OneSeedGivesTheSameAndAnotherOthers()
    {
        var (shape, extent) = (new ImageShape(3, Height, Width), new ImageSize(Height, 30));
        float[] Changed(int seed)
        {
            var augmenter = new SceneAugmenter(new SceneAugmentation(0.5, new WarpRange(0.5, 2), 0.3, 0.3, 0.3), shape, new Random(seed));
            return [.. Enumerable.Range(0, 4).SelectMany(image =>
            {
                var planes = Noise(shape, extent, image);
                var objects = augmenter.Apply(planes, extent, new ImageObjects([2, 2, 20, 20], [0]));
                return planes.Concat(objects.Boxes);
            })];
        }

        CollectionAssert.AreEqual(Changed(1), Changed(1));
        CollectionAssert.AreNotEqual(Changed(1), Changed(2));
    }

    [TestMethod]
    public void FactorsAreThoseOfColorJitter()
    {
        Assert.AreEqual(new WarpRange(0.75, 1.25), SceneAugmentation.Factors(0.25));
        Assert.AreEqual(new WarpRange(0, 2.5), SceneAugmentation.Factors(1.5));
    }

    private static float[] Noise(ImageShape shape, ImageSize extent, int seed)
    {
        var random = new Random(seed);
        var planes = new float[shape.Length];
        for (var i = 0; i < planes.Length; i++)
            planes[i] = i / shape.Width % shape.Height < extent.Height && i % shape.Width < extent.Width ? random.NextSingle() : 0;
        return planes;
    }

    /// <summary>The same in double precision from the definitions, one value after the other.</summary>
    private static double[] Expected(float[] planes, ImageShape shape, ImageSize extent, SceneAugmentation augmentation, Random draws)
    {
        var image = new double[shape.Channels, extent.Height, extent.Width];
        var isFlipped = draws.NextDouble() < augmentation.HorizontalFlipProbability;
        Each(image, (c, y, x) => planes[(((c * shape.Height) + y) * shape.Width) + (isFlipped ? extent.Width - 1 - x : x)]);

        double Factor(double jitter) => Math.Max(0, 1 - jitter) + (draws.NextDouble() * (1 + jitter - Math.Max(0, 1 - jitter)));
        double Grey(int y, int x) => shape.Channels == 1 ? image[0, y, x] : (0.2989 * image[0, y, x]) + (0.587 * image[1, y, x]) + (0.114 * image[2, y, x]);
        var brightness = Factor(augmentation.Brightness);
        Each(image, (c, y, x) => Math.Clamp(brightness * image[c, y, x], 0, 1));
        var contrast = Factor(augmentation.Contrast);
        var mean = Enumerable.Range(0, extent.Height * extent.Width).Average(i => Grey(i / extent.Width, i % extent.Width));
        Each(image, (c, y, x) => Math.Clamp((contrast * image[c, y, x]) + ((1 - contrast) * mean), 0, 1));
        var saturation = Factor(augmentation.Saturation);
        var greys = new double[extent.Height, extent.Width];
        for (var i = 0; i < greys.Length; i++)
            greys[i / extent.Width, i % extent.Width] = Grey(i / extent.Width, i % extent.Width);
        if (shape.Channels > 1)
            Each(image, (c, y, x) => Math.Clamp((saturation * image[c, y, x]) + ((1 - saturation) * greys[y, x]), 0, 1));

        var scale = augmentation.Scale.Minimum + (draws.NextDouble() * (augmentation.Scale.Maximum - augmentation.Scale.Minimum));
        var left = draws.NextDouble() * (shape.Width - (scale * extent.Width));
        var top = draws.NextDouble() * (shape.Height - (scale * extent.Height));
        var result = new double[shape.Length];
        for (var y = 0; y < shape.Height; y++)
        {
            var down = Weights(y, top, scale, extent.Height);
            for (var x = 0; x < shape.Width; x++)
            {
                var across = Weights(x, left, scale, extent.Width);
                for (var c = 0; c < shape.Channels && down is not null && across is not null; c++)
                    result[(((c * shape.Height) + y) * shape.Width) + x] = down.Sum(row => row.Weight * across.Sum(column => column.Weight * image[c, row.Index, column.Index]));
            }
        }

        return result;
    }

    /// <summary>What a pixel is made of along one axis; null outside the image.</summary>
    private static (int Index, double Weight)[]? Weights(int target, double start, double scale, int pixels)
    {
        var place = (target + 0.5 - start) / scale;
        if (place < 0 || place >= pixels)
            return null;
        var reach = Math.Max(1, 1 / scale);
        (int Index, double Weight)[] weights = [.. Enumerable.Range(0, pixels).Select(i => (i, Math.Max(0, 1 - (Math.Abs(i + 0.5 - place) / reach)))).Where(weight => weight.Item2 > 0)];
        var sum = weights.Sum(weight => weight.Weight);
        return [.. weights.Select(weight => (weight.Index, weight.Weight / sum))];
    }

    private static void Each(double[,,] image, Func<int, int, int, double> value)
    {
        for (var c = 0; c < image.GetLength(0); c++)
        {
            for (var y = 0; y < image.GetLength(1); y++)
            {
                var row = Enumerable.Range(0, image.GetLength(2)).Select(x => value(c, y, x)).ToArray();
                for (var x = 0; x < row.Length; x++)
                    image[c, y, x] = row[x];
            }
        }
    }
}
