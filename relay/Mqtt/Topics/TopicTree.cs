using System.Collections.Concurrent;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Topics;

/// <summary>
/// All subscriptions, by the levels of their filters. What a topic matches is remembered until a subscription changes: most publishers use few topics.
/// Thread safe.
/// </summary>
internal sealed class TopicTree
{
    /// <summary>Topics whose routes are remembered at most.</summary>
    public const int MaxRemembered = 50_000;

    private const int MaxRememberedBytes = 256;
    private readonly Lock _gate = new();
    private readonly Node _root = new();
    private readonly ConcurrentDictionary<byte[], Route> _routes = new(ByteKeys.Instance);
    private readonly ConcurrentDictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private int _version;
    private int _remembered;

    public TopicTree() => _bySpan = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Rises with each change: a route of another version is out of date.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Topics whose routes are remembered.</summary>
    public int RememberedCount => _routes.Count;

    /// <summary>Adds a subscription, or replaces the one of the same session and text.</summary>
    public void Add(Subscription subscription)
    {
        lock (_gate)
        {
            var (node, isMulti) = Find(subscription.Filter, create: true)!.Value;
            var subscriptions = node.Of(isMulti);
            if (subscription.Group.Length == 0)
            {
                subscriptions.Own.RemoveAll(one => ReferenceEquals(one.Session, subscription.Session));
                subscriptions.Own.Add(subscription);
            }
            else
            {
                var shared = subscriptions.Shared.Find(one => one.Name.AsSpan().SequenceEqual(subscription.Group));
                if (shared is null)
                {
                    subscriptions.Shared.Add(shared = new SharedSubscription(subscription.Group));
                }

                shared.Add(subscription);
            }

            Changed();
        }
    }

    public void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (Find(subscription.Filter, create: false) is not var (node, isMulti))
            {
                return;
            }

            var subscriptions = node.Of(isMulti);
            if (subscription.Group.Length == 0)
            {
                subscriptions.Own.RemoveAll(one => ReferenceEquals(one.Session, subscription.Session));
            }
            else if (subscriptions.Shared.Find(one => one.Name.AsSpan().SequenceEqual(subscription.Group)) is { } shared)
            {
                shared.Remove(subscription);
                if (shared.IsEmpty)
                {
                    subscriptions.Shared.Remove(shared);
                }
            }

            node.Prune();
            Changed();
        }
    }

    /// <summary>Where messages of a topic go.</summary>
    public Route Match(ReadOnlySpan<byte> topic)
    {
        if (_bySpan.TryGetValue(topic, out var route) && route.Version == Version)
        {
            return route;
        }

        lock (_gate)
        {
            var match = new Matching();
            Collect(_root, topic, isFirst: true, match);
            route = match.ToRoute(_version);
            if (topic.Length <= MaxRememberedBytes)
            {
                Remember(topic, route);
            }
        }

        return route;
    }

    private static void Collect(Node node, ReadOnlySpan<byte> topic, bool isFirst, Matching match)
    {
        var slash = topic.IndexOf((byte)'/');
        var level = slash < 0 ? topic : topic[..slash];

        // [MQTT-4.7.2-1]
        var isHidden = isFirst && level.StartsWith("$"u8);
        if (!isHidden)
        {
            match.Add(node.Multi);
        }

        if (node.Find(level) is { } next)
        {
            Follow(next, topic, slash, match);
        }

        if (!isHidden && node.Plus is { } plus)
        {
            Follow(plus, topic, slash, match);
        }
    }

    private static void Follow(Node node, ReadOnlySpan<byte> topic, int slash, Matching match)
    {
        if (slash >= 0)
        {
            Collect(node, topic[(slash + 1)..], isFirst: false, match);
            return;
        }

        match.Add(node.Exact);

        // "sport/#" also matches "sport" (section 4.7.1.2).
        match.Add(node.Multi);
    }

    private (Node Node, bool IsMulti)? Find(ReadOnlySpan<byte> filter, bool create)
    {
        var node = _root;
        foreach (var range in filter.Split((byte)'/'))
        {
            var level = filter[range];
            if (level is [(byte)'#'])
            {
                return (node, true);
            }

            if ((create ? node.Add(level) : node.Find(level, orPlus: true)) is not { } next)
            {
                return null;
            }

            node = next;
        }

        return (node, false);
    }

    private void Remember(ReadOnlySpan<byte> topic, Route route)
    {
        // Emptied whole: a flood of topics costs searches, not memory.
        if (_remembered >= MaxRemembered)
        {
            _routes.Clear();
            _remembered = 0;
        }

        _remembered += _bySpan.ContainsKey(topic) ? 0 : 1;
        _bySpan[topic] = route;
    }

    private void Changed() => Volatile.Write(ref _version, _version + 1);

    private sealed class Subscriptions
    {
        public List<Subscription> Own { get; } = [];

        public List<SharedSubscription> Shared { get; } = [];

        public bool IsEmpty => Own.Count == 0 && Shared.Count == 0;
    }

    /// <summary>A level of filters.</summary>
    private sealed class Node
    {
        private Dictionary<byte[], Node>? _children;
        private Node? _parent;
        private byte[] _level = [];

        public Node? Plus { get; private set; }

        public Subscriptions? Exact { get; private set; }

        public Subscriptions? Multi { get; private set; }

        public Subscriptions Of(bool isMulti) => isMulti ? Multi ??= new Subscriptions() : Exact ??= new Subscriptions();

        public Node? Find(ReadOnlySpan<byte> level, bool orPlus = false)
        {
            if (orPlus && level is [(byte)'+'])
            {
                return Plus;
            }

            return _children is { } children && children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;
        }

        public Node Add(ReadOnlySpan<byte> level)
        {
            if (level is [(byte)'+'])
            {
                return Plus ??= new Node { _parent = this, _level = [(byte)'+'] };
            }

            _children ??= new Dictionary<byte[], Node>(ByteKeys.Instance);
            if (Find(level) is not { } child)
            {
                child = new Node { _parent = this, _level = level.ToArray() };
                _children.Add(child._level, child);
            }

            return child;
        }

        /// <summary>Takes out what holds nothing any more, up to the root.</summary>
        public void Prune()
        {
            for (var node = this; node is not null; node = node._parent)
            {
                node.Exact = node.Exact is { IsEmpty: false } ? node.Exact : null;
                node.Multi = node.Multi is { IsEmpty: false } ? node.Multi : null;
                if (node._parent is not { } parent || node.Exact is not null || node.Multi is not null || node.Plus is not null || node._children is { Count: > 0 })
                {
                    return;
                }

                if (ReferenceEquals(parent.Plus, node))
                {
                    parent.Plus = null;
                }
                else
                {
                    parent._children?.Remove(node._level);
                }
            }
        }
    }

    private sealed class Matching
    {
        private readonly Dictionary<Session, Route.Target> _targets = [];
        private readonly List<SharedSubscription> _shared = [];

        public void Add(Subscriptions? subscriptions)
        {
            if (subscriptions is null)
            {
                return;
            }

            _shared.AddRange(subscriptions.Shared);
            foreach (var one in subscriptions.Own)
            {
                var options = one.Options;
                _targets[one.Session] = _targets.TryGetValue(one.Session, out var other)
                    ? new Route.Target(
                        one.Session,
                        options.Quality > other.Quality ? options.Quality : other.Quality,
                        options.NoLocal && other.NoLocal,
                        options.RetainAsPublished || other.RetainAsPublished,
                        [.. other.Ids, .. one.Ids])
                    : new Route.Target(one.Session, options.Quality, options.NoLocal, options.RetainAsPublished, one.Ids);
            }
        }

        public Route ToRoute(int version) => new(version, [.. _targets.Values], [.. _shared]);
    }
}
