using Microsoft.ML.Spatial.Functional;

namespace Microsoft.ML.Spatial.Modules;

/// <summary>What the locations of a <see cref="FcosNetwork"/> should say of a batch of images.</summary>
internal sealed class FcosTargets
{
    // A location is an object's where it lies within its box and no farther from the centre than this many strides; of several boxes the smallest has it.
    private const float Radius = 1.5f;

    private readonly List<long> _positives = [];
    private readonly List<float> _boxes = [];
    private readonly List<float> _centerness = [];

    /// <param name="images">The objects of each image.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="locations">The locations of an image.</param>
    public FcosTargets(IReadOnlyList<ImageObjects> images, int classes, FcosLocation[] locations)
    {
        Presence = new float[images.Count * locations.Length * classes];
        for (var image = 0; image < images.Count; image++)
        {
            for (var location = 0; location < locations.Length; location++)
            {
                var (x, y) = (locations[location].X, locations[location].Y);
                if (Owner(images[image], locations[location]) is not { } owner)
                    continue;
                var at = ((long)image * locations.Length) + location;
                Presence[(at * classes) + images[image].Classes[owner]] = 1;
                var box = images[image].Boxes.AsSpan(4 * owner, 4);
                _positives.Add(at);
                _boxes.AddRange(box);

                // Tian et al. 2019, equation 3.
                var (left, right, up, down) = (x - box[0], box[2] - x, y - box[1], box[3] - y);
                _centerness.Add(MathF.Sqrt(MathF.Min(left, right) / MathF.Max(left, right) * (MathF.Min(up, down) / MathF.Max(up, down))));
            }
        }
    }

    /// <summary>[N, L, classes]: 1 where an object of the class is at the location.</summary>
    public float[] Presence { get; }

    /// <summary>The locations that have an object, counted through the batch.</summary>
    public IReadOnlyList<long> Positives => _positives;

    /// <summary>The boxes of these objects, four numbers each.</summary>
    public IReadOnlyList<float> Boxes => _boxes;

    /// <summary>How near the centres of their objects these locations lie, in [0, 1].</summary>
    public IReadOnlyList<float> Centerness => _centerness;

    private static int? Owner(ImageObjects objects, FcosLocation location)
    {
        int? owner = null;
        var least = float.PositiveInfinity;
        var (x, y, radius) = (location.X, location.Y, Radius * location.Stride);
        for (var i = 0; i < objects.Count; i++)
        {
            var (x0, y0, x1, y1) = (objects.Boxes[4 * i], objects.Boxes[(4 * i) + 1], objects.Boxes[(4 * i) + 2], objects.Boxes[(4 * i) + 3]);
            var area = (x1 - x0) * (y1 - y0);
            var isInside = x > x0 && x < x1 && y > y0 && y < y1;
            var isCentral = MathF.Abs(x - ((x0 + x1) / 2)) <= radius && MathF.Abs(y - ((y0 + y1) / 2)) <= radius;
            var reach = MathF.Max(MathF.Max(x - x0, x1 - x), MathF.Max(y - y0, y1 - y));
            if (isInside && isCentral && reach > location.LeastReach && reach <= location.MostReach && area < least)
                (owner, least) = (i, area);
        }

        return owner;
    }
}
