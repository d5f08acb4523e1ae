using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// What waits to be opened, by device, so that a device that floods waits behind itself. What is beyond a device's share is
/// dropped and counted: the device has it still, and sends it again. Before that, at half of its share, the device is asked to pause, and so is
/// every device that sends while there is too much in all. The total is bounded by what the relay leaves unacknowledged.
/// </summary>
internal sealed class IngestQueue(IngestOptions options, RejectionCounter rejections, PauseBook pauses) : IUplinkReceiver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PrincipalId, DeviceQueue> _devices = [];
    private readonly Queue<PrincipalId> _turns = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private int _count;
    private long _dropped;

    public int Count => Volatile.Read(ref _count);

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Receive(UplinkMessage message)
    {
        bool taken, crowded;
        lock (_lock)
        {
            taken = TryAdd(message, out crowded);
            if (taken && _arrived.CurrentCount == 0)
            {
                _arrived.Release();
            }
        }

        if (crowded)
        {
            pauses.Busy(message.Device);
        }

        if (taken)
        {
            return;
        }

        Interlocked.Increment(ref _dropped);
        rejections.Count(message.Device, RejectionReason.Flood);
        _ = message.AcknowledgeAsync();
    }

    /// <summary>Waits for something to arrive. False when the time is over first.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Count > 0)
        {
            return true;
        }

        using var deadline = new CancellationTokenSource(longest, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await _arrived.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Count > 0;
        }

        return true;
    }

    /// <summary>Takes a group: the devices in turn, each its share, in the order in which their messages came.</summary>
    public List<UplinkMessage> Take()
    {
        var group = new List<UplinkMessage>();
        var bytes = 0;
        lock (_lock)
        {
            while (_turns.Count > 0 && group.Count < options.GroupRecords && bytes < options.GroupBytes)
            {
                var device = _turns.Dequeue();
                var queue = _devices[device];
                for (var i = 0; i < options.GroupShare && queue.Messages.TryDequeue(out var message); i++)
                {
                    group.Add(message);
                    queue.Bytes -= message.Frame.Length;
                    bytes += message.Frame.Length;
                }

                if (queue.Messages.Count > 0)
                {
                    _turns.Enqueue(device);
                }
                else
                {
                    _devices.Remove(device);
                }
            }

            Volatile.Write(ref _count, _count - group.Count);
        }

        return group;
    }

    public void Dispose() => _arrived.Dispose();

    private bool TryAdd(UplinkMessage message, out bool crowded)
    {
        if (!_devices.TryGetValue(message.Device, out var queue))
        {
            _devices.Add(message.Device, queue = new DeviceQueue());
            _turns.Enqueue(message.Device);
        }
        else if (queue.Messages.Count >= options.MaxQueuedPerDevice || queue.Bytes + message.Frame.Length > options.MaxQueuedBytesPerDevice)
        {
            crowded = true;
            return false;
        }

        queue.Messages.Enqueue(message);
        queue.Bytes += message.Frame.Length;
        Volatile.Write(ref _count, _count + 1);
        crowded = _count > options.MaxQueued
            || queue.Messages.Count > options.MaxQueuedPerDevice / 2 || queue.Bytes > options.MaxQueuedBytesPerDevice / 2;
        return true;
    }

    private sealed class DeviceQueue
    {
        public Queue<UplinkMessage> Messages { get; } = new();

        public long Bytes { get; set; }
    }
}
