using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Spatial.FreshProcess;

/// <summary>Loads and uses a saved image warp without naming a type of Microsoft.ML.Spatial.</summary>
public static class SavedWarp
{
    /// <summary>Prints whether the library was loaded before the model asked for it, and the hash of the warped pictures.</summary>
    public static void Print(string path)
    {
        var ml = new MLContext(1);
        Console.WriteLine("loaded before: " + AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "Microsoft.ML.Spatial"));
        Console.WriteLine("pixels: " + PixelHash(ml, ml.Model.Load(path, out _)));
    }

    /// <summary>A hash of what a warp makes of a few pictures.</summary>
    public static string PixelHash(MLContext ml, ITransformer warp)
    {
        using var engine = ml.Model.CreatePredictionEngine<Row, Row>(warp);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < 3; i++)
        {
            using var image = MLImage.CreateFromPixels(3, 2, MLPixelFormat.Bgra32, Enumerable.Range(0, 24).Select(p => p % 4 == 3 ? byte.MaxValue : (byte)(p * 10 + i)).ToArray());
            using var warped = engine.Predict(new Row { Image = image, Theta = [1, 0, 2f / 3, 0, 1, i] }).Image;
            hash.AppendData(warped!.Pixels);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private sealed class Row
    {
        [ImageType]
        public MLImage? Image { get; set; }

        [VectorType(6)]
        public float[] Theta { get; set; } = [];
    }
}
