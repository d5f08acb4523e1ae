using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Topics;

/// <summary>The last retained message of each topic (MQTT 5 section 3.3.1.3), bounded in number and bytes. Thread safe.</summary>
/// <param name="maxCount">Topics at most.</param>
/// <param name="maxBytes">Bytes at most.</param>
internal sealed class RetainedMessages(int maxCount, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], StoredMessage> _messages = new(ByteKeys.Instance);
    private readonly RetainedTree _tree = new();
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>Keeps a message, in the place of the one before; false: there is no room.</summary>
    public bool TryKeep(StoredMessage message)
    {
        lock (_gate)
        {
            var lookup = _messages.GetAlternateLookup<ReadOnlySpan<byte>>();
            var before = lookup.TryGetValue(message.Topic, out var old) ? old.Charge : 0;
            if (_bytes - before + message.Charge > maxBytes || (old is null && _messages.Count >= maxCount))
            {
                return false;
            }

            _bytes += message.Charge - before;
            lookup[message.Topic] = message;
            _tree.Put(message);
            return true;
        }
    }

    /// <summary>What is kept for a topic.</summary>
    public StoredMessage? Find(byte[] topic)
    {
        lock (_gate)
        {
            return _messages.GetValueOrDefault(topic);
        }
    }

    /// <returns>False: there was nothing.</returns>
    public bool TryForget(ReadOnlySpan<byte> topic)
    {
        lock (_gate)
        {
            if (_messages.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(topic, out _, out var old))
            {
                _bytes -= old.Charge;
                _tree.Remove(topic);
                return true;
            }

            return false;
        }
    }

    /// <summary>Those whose topics match, without what has expired.</summary>
    public IReadOnlyList<StoredMessage> Match(byte[] filter, long nowMs)
    {
        lock (_gate)
        {
            if (!filter.AsSpan().ContainsAny((byte)'+', (byte)'#'))
            {
                return _messages.TryGetValue(filter, out var one) && !one.HasExpired(nowMs) ? [one] : [];
            }

            var found = new List<StoredMessage>();
            _tree.Match(filter, found);
            found.RemoveAll(message => message.HasExpired(nowMs));
            return found;
        }
    }

    /// <summary>Forgets what has expired.</summary>
    /// <returns>Its topics.</returns>
    public IReadOnlyList<byte[]> Sweep(long nowMs)
    {
        lock (_gate)
        {
            var expired = _messages.Where(pair => pair.Value.HasExpired(nowMs)).ToList();
            foreach (var (topic, message) in expired)
            {
                _messages.Remove(topic);
                _tree.Remove(topic);
                _bytes -= message.Charge;
            }

            return [.. expired.Select(static pair => pair.Key)];
        }
    }
}
