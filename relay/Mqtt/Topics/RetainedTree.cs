using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Topics;

/// <summary>
/// Retained messages by the levels of their topics: what a filter matches is found in the time of what there is to be found, and not of all that is retained. Callers take turns.
/// </summary>
internal sealed class RetainedTree
{
    private readonly Node _root = new();

    public void Put(StoredMessage message)
    {
        var node = _root;
        foreach (var range in message.Topic.Split((byte)'/'))
        {
            node = node.Add(message.Topic[range]);
        }

        node.Message = message;
    }

    public void Remove(ReadOnlySpan<byte> topic)
    {
        Span<Range> levels = stackalloc Range[TopicText.MaxLevels];
        var nodes = new Node[TopicText.MaxLevels + 1];
        nodes[0] = _root;
        var depth = 0;
        foreach (var range in topic.Split((byte)'/'))
        {
            if (nodes[depth].Find(topic[range]) is not { } next)
            {
                return;
            }

            levels[depth] = range;
            nodes[++depth] = next;
        }

        // What holds nothing any more goes, up to the root.
        nodes[depth].Message = null;
        for (; depth > 0 && nodes[depth].IsEmpty; depth--)
        {
            nodes[depth - 1].Remove(topic[levels[depth - 1]]);
        }
    }

    /// <summary>Those whose topics match (MQTT 5 section 4.7).</summary>
    public void Match(ReadOnlySpan<byte> filter, List<StoredMessage> found) => Match(_root, filter, isFirst: true, found);

    private static void Match(Node node, ReadOnlySpan<byte> filter, bool isFirst, List<StoredMessage> found)
    {
        var slash = filter.IndexOf((byte)'/');
        var level = slash < 0 ? filter : filter[..slash];
        if (level is [(byte)'#'])
        {
            // "sport/#" also matches "sport" (section 4.7.1.2).
            node.All(found, isFirst);
        }
        else if (level is [(byte)'+'])
        {
            foreach (var (name, child) in node.Children)
            {
                if (!isFirst || !IsHidden(name))
                {
                    Follow(child, filter, slash, found);
                }
            }
        }
        else if (node.Find(level) is { } next)
        {
            Follow(next, filter, slash, found);
        }
    }

    private static void Follow(Node node, ReadOnlySpan<byte> filter, int slash, List<StoredMessage> found)
    {
        if (slash >= 0)
        {
            Match(node, filter[(slash + 1)..], isFirst: false, found);
        }
        else if (node.Message is { } message)
        {
            found.Add(message);
        }
    }

    /// <summary>[MQTT-4.7.2-1]: wildcards do not begin with these.</summary>
    private static bool IsHidden(byte[] level) => level is [(byte)'$', ..];

    private sealed class Node
    {
        private static readonly Dictionary<byte[], Node> None = new(ByteKeys.Instance);
        private Dictionary<byte[], Node>? _children;

        public StoredMessage? Message { get; set; }

        public Dictionary<byte[], Node> Children => _children ?? None;

        public bool IsEmpty => Message is null && Children.Count == 0;

        public Node? Find(ReadOnlySpan<byte> level) =>
            _children is { } children && children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;

        public Node Add(ReadOnlySpan<byte> level)
        {
            if (Find(level) is not { } child)
            {
                child = new Node();
                (_children ??= new Dictionary<byte[], Node>(ByteKeys.Instance)).Add(level.ToArray(), child);
            }

            return child;
        }

        public void Remove(ReadOnlySpan<byte> level) => _children?.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(level);

        public void All(List<StoredMessage> found, bool isRoot)
        {
            if (Message is { } message)
            {
                found.Add(message);
            }

            foreach (var (name, child) in Children)
            {
                if (!isRoot || !IsHidden(name))
                {
                    child.All(found, isRoot: false);
                }
            }
        }
    }
}
