using Microsoft.ML.Spatial.Visualization;

namespace Microsoft.ML.Spatial.Tests.Visualization;

[TestClass]
public sealed class PixelFontTests
{
    [TestMethod]
    public void EveryPrintableCharacterHasAShapeOfItsOwn()
    {
        var shapes = Enumerable.Range(' ', '~' - ' ' + 1).ToDictionary(c => (char)c, c => Shape((char)c));
        Assert.HasCount(shapes.Count, shapes.Values.Distinct().ToList());
        foreach (var (character, shape) in shapes)
            Assert.AreEqual(character == ' ', !shape.Contains('#', StringComparison.Ordinal), $"'{character}'");
    }

    [TestMethod]
    public void OtherCharactersAreQuestionMarks()
    {
        Assert.AreEqual(Shape('?'), Shape('é'));
        Assert.AreEqual(Shape('?'), Shape('\t'));
    }

    [TestMethod]
    public void AnLIsAnL()
    {
        const string expected = "#....#....#....#....#....#....#####.....";
        Assert.AreEqual(expected, Shape('L'));
    }

    [TestMethod]
    public void MeasuresLines()
    {
        Assert.AreEqual(0, PixelFont.Measure(""));
        Assert.AreEqual(5, PixelFont.Measure("a"));
        Assert.AreEqual(11, PixelFont.Measure("ab"));
    }

    private static string Shape(char character) => string.Concat(
        Enumerable.Range(0, PixelFont.Height * PixelFont.Width).Select(k => PixelFont.IsSet(character, k / PixelFont.Width, k % PixelFont.Width) ? '#' : '.'));
}
