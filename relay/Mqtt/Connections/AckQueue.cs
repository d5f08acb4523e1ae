using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>Acknowledgements that wait for the disk, in the order of what they answer ([MQTT-4.6.0-2], [MQTT-4.6.0-3]). One adds, and anybody completes.</summary>
/// <param name="send">Sends one whose turn has come; takes turns.</param>
/// <param name="limit">Above it the client is not read any more.</param>
internal sealed class AckQueue(Action<AckSlot, FlushList> send, int limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<AckSlot> _slots = new();
    private TaskCompletionSource? _room;
    private bool _isClosed;

    /// <summary>Whether nothing waits: for the one who adds.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _slots.Count == 0;
            }
        }
    }

    public AckSlot Add(PacketKind kind, ushort packetId)
    {
        var slot = new AckSlot(kind, packetId);
        lock (_gate)
        {
            if (!_isClosed)
            {
                _slots.Enqueue(slot);
            }
        }

        return slot;
    }

    /// <summary>It is known how one ends.</summary>
    public void Complete(AckSlot slot, ReasonCode reason, FlushList flushes)
    {
        lock (_gate)
        {
            slot.Reason = reason;
            while (_slots.TryPeek(out var next) && next.Reason is not null)
            {
                _slots.Dequeue();
                send(next, flushes);
            }

            if (_slots.Count <= limit / 2)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>Nothing is acknowledged any more, whatever becomes of it, and nobody waits for room.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _slots.Clear();
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Completes when less waits than may.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            return _slots.Count <= limit ? Task.CompletedTask : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
