using Microsoft.ML.Data;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Tests.Data;

[TestClass]
public sealed class ImageSourceTests
{
    [TestMethod]
    public void ImagesMadeForTheTakerAreDisposed()
    {
        var made = new List<MLImage>();
        using (var source = new ImageSource((ref MLImage image) =>
        {
            image?.Dispose();
            image = NewImage();
            made.Add(image);
        }))
        {
            for (var row = 0; row < 3; row++)
            {
                Assert.AreEqual(2, source.Take()!.Width);
            }
        }

        Assert.HasCount(4, made);
        Assert.IsTrue(made.All(IsDisposed));
    }

    [TestMethod]
    public void ImagesThatTheirOwnerHoldsAreLeftAlone()
    {
        var held = new[] { NewImage(), NewImage(), NewImage() };
        var row = 0;
        using (var source = new ImageSource((ref MLImage image) => image = held[row]))
        {
            for (; row < 3; row++)
            {
                Assert.AreSame(held[row], source.Take());
            }

            row = 2;
        }

        Assert.IsFalse(held.Any(IsDisposed));
    }

    [TestMethod]
    public void AGetterThatHandsOnAndThenDisposesItsOwnImageIsTakenAtItsLatest()
    {
        // As a resizer does with an image of the right size: what it hands out is what it will dispose when called again.
        MLImage? own = null;
        using var source = new ImageSource((ref MLImage image) =>
        {
            own?.Dispose();
            own = NewImage();
            image = own;
        });
        for (var row = 0; row < 3; row++)
        {
            Assert.IsFalse(IsDisposed(source.Take()!));
        }
    }

    [TestMethod]
    public void AGetterThatLeavesADisposedImageWhereTheRowHasNoneGivesNull()
    {
        var row = 0;
        using var source = new ImageSource((ref MLImage image) =>
        {
            image?.Dispose();
            if (row != 1)
            {
                image = NewImage();
            }
        });
        Assert.IsNotNull(source.Take());
        row = 1;
        Assert.IsNull(source.Take());
        row = 2;
        Assert.IsFalse(IsDisposed(source.Take()!));
    }

    [TestMethod]
    public void RowsWithoutAnImageGiveNull()
    {
        MLImage?[] images = [null, NewImage(), null];
        var row = 0;
        using var source = new ImageSource((ref MLImage image) => image = images[row]!);
        for (; row < 3; row++)
        {
            Assert.AreSame(images[row], source.Take());
        }
    }

    private static MLImage NewImage() => MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, new byte[8]);

    private static bool IsDisposed(MLImage image)
    {
        try
        {
            return image.Pixels.Length == 0;
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException)
        {
            return true;
        }
    }
}
