using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Storage;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>What a published message leaves in the file: its place in sessions that are kept, that it is retained, and of QoS 2 that it was received.</summary>
internal sealed class PublishWrite(BrokerJournal journal) : StoreWrite
{
    private const int RowBytes = 128;
    private readonly List<KeptEntry> _entries = [];
    private byte[]? _retained;
    private (long Session, ushort PacketId)? _received;
    private int _size = RowBytes;

    /// <summary>Delivers what must not be delivered before it is in the file.</summary>
    public Action<FlushList>? Deliver { get; set; }

    /// <summary>Called when it is in the file, or cannot be; on the writer's thread unless it was refused at once.</summary>
    public Action<StoreOutcome>? Completed { get; set; }

    public override int Size => _size;

    /// <summary>The message is delivered to a session.</summary>
    public KeptEntry Add(Session session, StoredMessage message, QualityOfService quality, bool isRetained, uint[] ids)
    {
        var entry = journal.NewEntry(session, message, quality, isRetained, ids);
        _size += RowBytes + (_entries.Count == 0 ? message.Charge : 0);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>The topic's retained message has changed.</summary>
    public void Retains(byte[] topic, int bytes)
    {
        _retained = topic;
        _size += bytes + RowBytes;
    }

    /// <summary>A kept session has begun a message of QoS 2.</summary>
    public void Receives(long session, ushort packetId) => _received = (session, packetId);

    public override void Apply()
    {
        foreach (var entry in _entries)
        {
            // What the client has already is not written.
            if (entry.Message is { } message && entry.TryWrite())
            {
                journal.Table.Insert(entry, message);
            }
        }

        if (_retained is { } topic)
        {
            journal.Changing(topic);
        }

        if (_received is var (session, packetId))
        {
            journal.Table.InsertReceived(session, packetId);
        }
    }

    public override void Revert()
    {
        _entries.ForEach(BrokerTable.NotInserted);
    }

    public override void Complete(StoreOutcome outcome)
    {
        if (outcome == StoreOutcome.Durable)
        {
            Deliver?.Invoke(journal.Flushes);
        }
        else if (Deliver is not null)
        {
            // It never comes to its sessions.
            _entries.ForEach(static entry => entry.Land());
        }

        Completed?.Invoke(outcome);
    }
}
