namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>Made-up data that any process can make again: bars and crosses at random places, easy to tell apart.</summary>
public static class ShapeRows
{
    /// <summary>Height and width of a picture.</summary>
    public const int Side = 12;

    /// <summary>The classes, in the order in which the first rows show them.</summary>
    public static readonly string[] Names = ["horizontal", "vertical", "cross"];

    /// <summary>Makes rows; the same numbers give the same rows.</summary>
    public static ShapeRow[] Make(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i => Make(i % Names.Length, random)).ToArray();
    }

    private static ShapeRow Make(int shape, Random random)
    {
        var image = new float[Side * Side];
        var (row, column) = (3 + random.Next(Side - 6), 3 + random.Next(Side - 6));
        for (var i = -3; i <= 2; i++)
        {
            if (shape != 1)
            {
                image[(row * Side) + column + i] = 1;
            }

            if (shape != 0)
            {
                image[((row + i) * Side) + column] = 1;
            }
        }

        for (var i = 0; i < image.Length; i++)
        {
            image[i] = Math.Clamp(image[i] + (0.2f * (random.NextSingle() - 0.5f)), 0, 1);
        }

        return new ShapeRow { Name = Names[shape], Image = image };
    }
}
