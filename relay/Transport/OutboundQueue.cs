namespace Messaging.Relay.Transport;

/// <summary>
/// What waits for one client, bounded in bytes. A QoS 1 message is charged until the client acknowledges it, so that a
/// client that reads and never acknowledges is as bounded as one that never reads; and no more of them are in flight
/// than the client's Receive Maximum allows (MQTT 5 section 3.3.4). Thread safe; one writer loop takes packets out.
/// </summary>
/// <param name="maxBytes">Bytes that may wait.</param>
/// <param name="reservedBytes">Of these, bytes that only urgent messages may take.</param>
/// <param name="time">The clock.</param>
internal sealed class OutboundQueue(int maxBytes, int reservedBytes, TimeProvider time) : IDisposable
{
    /// <summary>In flight at most, whatever the client would take: it bounds the search for a free packet identifier.</summary>
    private const int MaxWindow = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<OutboundMessage> _waiting = new();
    private readonly Dictionary<ushort, int> _inFlight = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _window = MaxWindow;
    private long _bytes;
    private long _progressAt = time.GetTimestamp();
    private ushort _lastId;
    private bool _completed;

    /// <summary>Bytes charged now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes over the client's Receive Maximum; 0 means that it named none.</summary>
    public void LimitWindow(int receiveMaximum)
    {
        lock (_lock)
        {
            _window = receiveMaximum == 0 ? MaxWindow : Math.Min(receiveMaximum, MaxWindow);
        }
    }

    /// <summary>Queues a message, or answers false when it does not fit.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isUrgent">May use the reserved bytes too: for what the recipient could not do without.</param>
    public bool TryEnqueue(in OutboundMessage message, bool isUrgent = false)
    {
        lock (_lock)
        {
            if (_completed || _bytes + message.Charge > (isUrgent ? maxBytes : maxBytes - reservedBytes))
            {
                return false;
            }

            if (_bytes == 0)
            {
                _progressAt = time.GetTimestamp();
            }

            _bytes += message.Charge;
            _waiting.Enqueue(message);
            Signal();
            return true;
        }
    }

    /// <summary>Completes when the queue has been emptied to the half, or at once when it is there already.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            return HasRoom || _completed ? Task.CompletedTask : _room.Task;
        }
    }

    /// <summary>Waits for a message that may be written now. Called by the writer loop alone.</summary>
    public async ValueTask<OutboundPacket> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.TryPeek(out var message) && (!message.IsAcknowledged || _inFlight.Count < _window))
                {
                    _waiting.Dequeue();
                    return new OutboundPacket(message, message.IsAcknowledged ? Launch(message) : (ushort)0);
                }
            }

            await _changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// A packet has been written: the end of a QoS 0 message. One of QoS 1 has got no further than the network, where
    /// anything fits for a while; its acknowledgement is what counts.
    /// </summary>
    public void Written(in OutboundPacket packet)
    {
        lock (_lock)
        {
            if (packet.PacketId == 0)
            {
                _progressAt = time.GetTimestamp();
                Free(packet.Message.Charge);
            }
        }
    }

    /// <summary>The client has acknowledged a packet. An unknown identifier is ignored, as MQTT asks.</summary>
    public void Acknowledge(ushort packetId)
    {
        lock (_lock)
        {
            if (!_completed && _inFlight.Remove(packetId, out var charge))
            {
                _progressAt = time.GetTimestamp();
                Free(charge);
                Signal();
            }
        }
    }

    /// <summary>True when something waits and nothing has left the queue for <paramref name="timeout"/>.</summary>
    public bool IsStalled(TimeSpan timeout)
    {
        lock (_lock)
        {
            return _bytes > 0 && time.GetElapsedTime(_progressAt) >= timeout;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _completed = true;
            _room.TrySetResult();
        }

        // The semaphore has no handle to free, and disposed under its waiter it would never wake it, not even by its token.
    }

    private bool HasRoom => _bytes <= maxBytes / 2;

    private ushort Launch(in OutboundMessage message)
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_inFlight.ContainsKey(_lastId));

        _inFlight.Add(_lastId, message.Charge);
        return _lastId;
    }

    private void Free(int charge)
    {
        _bytes -= charge;
        if (HasRoom && !_room.Task.IsCompleted)
        {
            _room.TrySetResult();
            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Signal()
    {
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }
}
