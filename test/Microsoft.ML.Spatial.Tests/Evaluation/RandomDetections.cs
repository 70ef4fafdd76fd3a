using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Tests.Evaluation;

/// <summary>
/// Images with objects and detections, mostly near objects. Coordinates and scores are coarse, so that equal overlaps, equal scores and overlaps right at a
/// threshold occur.
/// </summary>
internal static class RandomDetections
{
    public static (TrueObject[] Objects, DetectedObject[] Found)[] Images(Random random, int count, int classes, int most) =>
        [.. Enumerable.Range(0, count).Select(_ => Image(random, classes, most))];

    private static (TrueObject[] Objects, DetectedObject[] Found) Image(Random random, int classes, int most)
    {
        var objects = Enumerable.Range(0, random.Next(0, 6)).Select(_ =>
        {
            var box = RandomBox(random, random.Next(3) switch { 0 => 20, 1 => 60, _ => 130 });
            var area = random.Next(4) switch { 0 => 32 * 32, 1 => 96 * 96, _ => box.Area };
            return new TrueObject(box, random.Next(classes), area, random.Next(6) == 0, random.Next(6) == 0);
        }).ToArray();
        for (var i = 1; i < objects.Length; i++)
        {
            // A neighbour, so that a detection in between overlaps both by as much.
            var box = objects[i - 1].Box;
            objects[i] = random.Next(3) > 0 ? objects[i] : objects[i - 1] with { Box = box with { X0 = box.X0 + 4, X1 = box.X1 + 4 } };
        }

        var found = Enumerable.Range(0, random.Next(0, most + 1)).Select(_ =>
        {
            var near = objects.Length > 0 && random.Next(4) > 0 ? objects[random.Next(objects.Length)] : default;
            var shift = 2 * random.Next(-2, 3);
            var box = near.Area == 0 ? RandomBox(random, 60) : new Box(near.Box.X0 + shift, near.Box.Y0, near.Box.X1 + shift, near.Box.Y1 + random.Next(-2, 3));
            return new DetectedObject(box, near.Area > 0 && random.Next(8) > 0 ? near.Class : random.Next(classes), random.Next(1, 12) / 12.0);
        }).ToArray();
        return (objects, found);
    }

    private static Box RandomBox(Random random, int size)
    {
        var (x, y) = (random.Next(0, 8) * 10, random.Next(0, 8) * 10);
        return new Box(x, y, x + (size / 2) + random.Next(0, (size / 2) + 1), y + (size / 2) + random.Next(0, (size / 2) + 1));
    }
}
