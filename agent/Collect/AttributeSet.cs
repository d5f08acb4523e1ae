using System.Text;

namespace Messaging.Agent.Collect;

/// <summary>The attributes of a series, immutable, compared by content. Collectors keep the sets that they use.</summary>
internal sealed class AttributeSet : IEquatable<AttributeSet>
{
    private readonly KeyValuePair<string, string>[] _items;
    private readonly int _hash;

    private AttributeSet(KeyValuePair<string, string>[] items)
    {
        _items = items;
        var hash = default(HashCode);
        foreach (var (key, value) in items)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>A series without attributes.</summary>
    public static AttributeSet None { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> Items => _items;

    public int Count => _items.Length;

    public static AttributeSet Of(string key, string value) => new([new(key, value)]);

    public static AttributeSet Of(string key1, string value1, string key2, string value2) => new([new(key1, value1), new(key2, value2)]);

    /// <summary>Keeps the order given: the same attributes in another order are another set.</summary>
    public static AttributeSet Of(params ReadOnlySpan<KeyValuePair<string, string>> items) =>
        items.IsEmpty ? None : new AttributeSet(items.ToArray());

    public ReadOnlySpan<KeyValuePair<string, string>> AsSpan() => _items;

    public bool Equals(AttributeSet? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && MemoryExtensions.SequenceEqual<KeyValuePair<string, string>>(_items, other._items, PairComparer.Instance));

    public override bool Equals(object? obj) => Equals(obj as AttributeSet);

    public override int GetHashCode() => _hash;

    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (var (key, value) in _items)
        {
            text.Append(text.Length > 1 ? "," : "").Append(key).Append('=').Append(value);
        }

        return text.Append('}').ToString();
    }

    private sealed class PairComparer : IEqualityComparer<KeyValuePair<string, string>>
    {
        public static readonly PairComparer Instance = new();

        public bool Equals(KeyValuePair<string, string> x, KeyValuePair<string, string> y) =>
            string.Equals(x.Key, y.Key, StringComparison.Ordinal) && string.Equals(x.Value, y.Value, StringComparison.Ordinal);

        public int GetHashCode(KeyValuePair<string, string> obj) => HashCode.Combine(obj.Key, obj.Value);
    }
}
