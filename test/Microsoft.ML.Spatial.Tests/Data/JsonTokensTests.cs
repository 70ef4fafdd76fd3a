using System.Text;
using System.Text.Json;
using Microsoft.ML.Spatial.Data;

namespace Microsoft.ML.Spatial.Tests.Data;

[TestClass]
public sealed class JsonTokensTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void RemoveFolder() => _folder.Dispose();

    [TestMethod]
    public void TokensComeOutWhereverTheBufferEnds()
    {
        // Every number stands at another place of its buffer, and some across two.
        var numbers = Enumerable.Range(0, 60_000).Select(i => i * 7919L % 1_000_003).ToArray();
        using var tokens = Open($" [{string.Join(", ", numbers)}] \n");
        Assert.AreEqual(JsonTokenType.StartArray, tokens.Next());
        foreach (var number in numbers)
        {
            tokens.Next();
            Assert.AreEqual(number, tokens.Whole);
        }

        Assert.AreEqual(JsonTokenType.EndArray, tokens.Next());
        tokens.End();
    }

    [TestMethod]
    public void ATokenLongerThanTheBufferIsWhole()
    {
        var text = new string('x', 300_000);
        using var tokens = Open($"[\"{text}\"]");
        tokens.Next();
        tokens.Next();
        Assert.AreEqual(text, tokens.Text);
    }

    [TestMethod]
    public void SkippingPassesWhateverIsInside()
    {
        var inside = string.Join(", ", Enumerable.Repeat("{\"a\": [1, [2, {\"b\": {}}]], \"c\": \"]}\"}", 10_000));
        using var tokens = Open($"{{\"skip\": [{inside}], \"also\": 1, \"then\": 2.5}}");
        var read = new List<double?>();
        tokens.Next();
        tokens.ReadProperties(name =>
        {
            if (name == "then")
            {
                tokens.Next();
                read.Add(tokens.Number);
            }
            else
            {
                tokens.Skip();
            }
        });
        tokens.End();
        CollectionAssert.AreEqual(new double?[] { 2.5 }, read);
    }

    [TestMethod]
    public void AByteOrderMarkIsPassedOver()
    {
        using var tokens = Open("\uFEFF[]");
        Assert.AreEqual(JsonTokenType.StartArray, tokens.Next());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[1, ")]
    [DataRow("[1, NaN]")]
    [DataRow("[1] 2")]
    [DataRow("[1] x")]
    public void WhatIsNoJsonIsAnError(string content)
    {
        using var tokens = Open(content);
        Assert.Throws<JsonException>(ReadAll);

        void ReadAll()
        {
            tokens.Next();
            tokens.Next();
            tokens.Next();
            tokens.End();
        }
    }

    [TestMethod]
    public void DepthIsBounded()
    {
        using var tokens = Open(new string('[', 1000) + new string(']', 1000));
        Assert.Throws<JsonException>(tokens.Skip);
    }

    private JsonTokens Open(string content)
    {
        var path = _folder.Path("tokens.json");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(content));
        return new JsonTokens(path);
    }
}
