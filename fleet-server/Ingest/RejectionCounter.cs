using Messaging.FleetServer.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Counts what the server refuses, in memory until the next transaction takes it along. Thread safe.</summary>
internal sealed class RejectionCounter(TimeProvider time)
{
    public const string ServerSide = "server";
    public const string DeviceSide = "device";

    /// <summary>More than an agent has words for: who provokes many of them must not hide the last behind the first.</summary>
    private const int MaxDeviceReasons = 64;
    private const int MaxReasonLength = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(PrincipalId Device, string Side, string Reason), (long Count, long LastAt)> _pending = [];
    private readonly Dictionary<PrincipalId, HashSet<string>> _deviceReasons = [];
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public bool HasPending
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0;
            }
        }
    }

    /// <summary>Something that the server refused.</summary>
    public void Count(PrincipalId device, string reason)
    {
        Interlocked.Increment(ref _total);
        Add(device, ServerSide, reason, 1, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>
    /// What the device says it refused, in its own words; of those only so many. It goes into the transaction of the record that says so: once that is
    /// acknowledged, nobody else has it.
    /// </summary>
    public RejectionRow OfDevice(PrincipalId device, string reason, long count, long at)
    {
        lock (_lock)
        {
            if (!_deviceReasons.TryGetValue(device, out var reasons))
            {
                _deviceReasons.Add(device, reasons = new HashSet<string>(StringComparer.Ordinal));
            }

            var word = reason.Length <= MaxReasonLength && (reasons.Contains(reason) || reasons.Count < MaxDeviceReasons)
                ? reason
                : RejectionReason.Other;
            reasons.Add(word);
            return new RejectionRow(device, DeviceSide, word, count, at);
        }
    }

    /// <summary>Takes what was counted; <see cref="Return"/> gives it back when it could not be stored.</summary>
    public List<RejectionRow> Take()
    {
        lock (_lock)
        {
            var rows = _pending.Select(entry => new RejectionRow(
                entry.Key.Device, entry.Key.Side, entry.Key.Reason, entry.Value.Count, entry.Value.LastAt)).ToList();
            _pending.Clear();
            return rows;
        }
    }

    public void Return(IEnumerable<RejectionRow> rows)
    {
        foreach (var row in rows)
        {
            Add(row.Device, row.Side, row.Reason, row.Count, row.LastAt);
        }
    }

    private void Add(PrincipalId device, string side, string reason, long count, long at)
    {
        lock (_lock)
        {
            var key = (device, side, reason);
            var (before, last) = _pending.GetValueOrDefault(key);
            _pending[key] = (before + count, Math.Max(last, at));
        }
    }
}
