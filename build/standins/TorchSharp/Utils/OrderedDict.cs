// The package says nothing about nulls here.
#nullable disable

using System.Collections;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order in which keys were added.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
{
    private readonly Dictionary<TKey, TValue> byKey = [];
    private readonly List<TKey> order = [];

    public int Count => order.Count;

    public bool IsReadOnly => false;

    public ICollection<TKey> Keys => [.. order];

    public ICollection<TValue> Values => [.. values()];

    public TValue this[TKey key]
    {
        get => byKey[key];
        set
        {
            if (!byKey.ContainsKey(key))
                order.Add(key);
            byKey[key] = value;
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => (order[index], byKey[order[index]]);
        set
        {
            RemoveAt(index);
            Insert(index, value);
        }
    }

    public void Add(TKey key, TValue value)
    {
        byKey.Add(key, value);
        order.Add(key);
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        byKey.Add(item.Item1, item.Item2);
        order.Insert(index, item.Item1);
    }

    public bool ContainsKey(TKey key) => byKey.ContainsKey(key);

    public bool Contains((TKey, TValue) item) => byKey.Contains(KeyValuePair.Create(item.Item1, item.Item2));

    public bool Contains(KeyValuePair<TKey, TValue> item) => byKey.Contains(item);

    public bool TryGetValue(TKey key, out TValue value) => byKey.TryGetValue(key, out value);

    public int IndexOf((TKey, TValue) item) => Contains(item) ? order.IndexOf(item.Item1) : -1;

    public bool Remove(TKey key) => byKey.Remove(key) && order.Remove(key);

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Contains(item) && Remove(item.Key);

    public void RemoveAt(int index) => Remove(order[index]);

    public void Clear()
    {
        byKey.Clear();
        order.Clear();
    }

    public void CopyTo((TKey, TValue)[] array, int arrayIndex)
    {
        foreach (var item in this)
            array[arrayIndex++] = item;
    }

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in this)
            array[arrayIndex++] = KeyValuePair.Create(key, value);
    }

    public IEnumerable<TValue> values() => order.Select(key => byKey[key]);

    public IEnumerator<(TKey, TValue)> GetEnumerator() => order.Select(key => (key, byKey[key])).GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        order.Select(key => KeyValuePair.Create(key, byKey[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
