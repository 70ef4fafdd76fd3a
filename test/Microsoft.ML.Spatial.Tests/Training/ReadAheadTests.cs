using Microsoft.ML.Spatial.Training;

namespace Microsoft.ML.Spatial.Tests.Training;

[TestClass]
public sealed class ReadAheadTests
{
    [TestMethod]
    public void GivesEveryItemInOrder()
    {
        using var ahead = new ReadAhead<Item>(Enumerable.Range(0, 100).Select(i => new Item(i)), 3);
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToArray(), ahead.Select(item => item.Number).ToArray());
    }

    [TestMethod]
    public void AnErrorComesAfterTheItemsBeforeIt()
    {
        static IEnumerable<Item> Source()
        {
            yield return new Item(0);
            yield return new Item(1);
            throw new TimeoutException("gone");
        }

        using var ahead = new ReadAhead<Item>(Source(), 3);
        var taken = new List<int>();
        Assert.ThrowsExactly<TimeoutException>(() => taken.AddRange(ahead.Select(item => item.Number)));
        using var again = new ReadAhead<Item>(Source(), 3);
        using var items = again.GetEnumerator();
        Assert.IsTrue(items.MoveNext());
        Assert.IsTrue(items.MoveNext());
        Assert.ThrowsExactly<TimeoutException>(() => items.MoveNext());
    }

    [TestMethod]
    public void DisposingEndsTheSourceAndDisposesWhatWasNotTaken()
    {
        var made = new List<Item>();
        var ended = false;
        IEnumerable<Item> Source()
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    var item = new Item(i);
                    made.Add(item);
                    yield return item;
                }
            }
            finally
            {
                ended = true;
            }
        }

        Item first;
        using (var ahead = new ReadAhead<Item>(Source(), 3))
        {
            first = ahead.First();
        }

        Assert.IsTrue(ended);
        Assert.IsLessThan(10, made.Count);
        Assert.IsFalse(first.Disposed);
        Assert.IsTrue(made.Skip(1).All(item => item.Disposed));
    }

    private sealed class Item(int number) : IDisposable
    {
        public int Number => number;

        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
