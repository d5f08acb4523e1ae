using System.Security.Cryptography;
using System.Threading.Channels;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Pauses;

/// <summary>
/// Which devices are to keep their metrics and logs back. In memory only: every pause ends by itself, on the device too, and a server that was
/// started anew begins with none. Thread safe.
/// </summary>
internal sealed class PauseBook(TimeProvider time)
{
    /// <summary>How long a device waits for a server that has too much of it, and up to as long again.</summary>
    public static readonly TimeSpan BusyTime = TimeSpan.FromSeconds(10);

    private const int SmallBook = 256;
    private readonly Lock _lock = new();
    private readonly Dictionary<PrincipalId, Entry> _devices = [];
    private readonly Channel<PrincipalId?> _due = Channel.CreateUnbounded<PrincipalId?>();
    private DateTimeOffset? _all;
    private int _cleanAt = SmallBook;

    /// <summary>Whom something is to be told; null: everybody.</summary>
    public ChannelReader<PrincipalId?> Due => _due.Reader;

    /// <summary>The pause of all devices, null when there is none.</summary>
    public DateTimeOffset? All
    {
        get
        {
            lock (_lock)
            {
                return _all > time.GetUtcNow() ? _all : null;
            }
        }
    }

    /// <summary>Replaces what an operator had set for the device; null ends it.</summary>
    public void Set(PrincipalId device, TimeSpan? length)
    {
        lock (_lock)
        {
            Change(device, entry => entry with { Operator = time.GetUtcNow() + length });
        }

        _due.Writer.TryWrite(device);
    }

    /// <summary>Replaces what an operator had set for all devices; null ends it. Pauses of single devices stay.</summary>
    public void SetAll(TimeSpan? length)
    {
        lock (_lock)
        {
            _all = time.GetUtcNow() + length;
        }

        _due.Writer.TryWrite(null);
    }

    /// <summary>More of this device waits than should; told once in a while.</summary>
    public void Busy(PrincipalId device)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_devices.GetValueOrDefault(device).Busy - now > BusyTime / 2)
            {
                return;
            }

            Change(device, entry => entry with { Busy = now + (BusyTime * (1 + (RandomNumberGenerator.GetInt32(1000) / 1000.0))) });
        }

        _due.Writer.TryWrite(device);
    }

    /// <summary>The device opened an epoch: an agent that was started anew has forgotten what it was told.</summary>
    public void DeviceIsBack(PrincipalId device)
    {
        if (Of(device) is not null)
        {
            _due.Writer.TryWrite(device);
        }
    }

    /// <summary>Null when the device may send.</summary>
    public DevicePause? Of(PrincipalId device)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var entry = _devices.GetValueOrDefault(device);
            var asked = entry.Operator > _all || _all is null ? entry.Operator : _all;
            if (asked > now && !(entry.Busy > asked))
            {
                return new DevicePause(asked.Value, PauseCause.Operator);
            }

            return entry.Busy > now ? new DevicePause(entry.Busy.Value, PauseCause.ServerBusy) : null;
        }
    }

    private void Change(PrincipalId device, Func<Entry, Entry> change)
    {
        if (_devices.Count >= _cleanAt)
        {
            var now = time.GetUtcNow();
            foreach (var over in _devices.Where(pair => !(pair.Value.Operator > now) && !(pair.Value.Busy > now)).Select(pair => pair.Key).ToList())
            {
                _devices.Remove(over);
            }

            _cleanAt = Math.Max(SmallBook, 2 * _devices.Count);
        }

        _devices[device] = change(_devices.GetValueOrDefault(device));
    }

    private readonly record struct Entry(DateTimeOffset? Operator, DateTimeOffset? Busy);
}
