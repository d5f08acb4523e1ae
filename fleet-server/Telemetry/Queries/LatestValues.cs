using System.Collections.Concurrent;
using System.Collections.Immutable;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>
/// The newest value of each series without attributes, by device, in memory: the list of devices shows them for every device, and
/// live updates ask for them all the time. Read from the database once for each device that somebody looks at.
/// </summary>
internal sealed class LatestValues(IFleetEvents events, DeviceTelemetryQueries queries) : IHostedService
{
    /// <summary>Series a device may have here; more are not shown.</summary>
    private const int MaxSeries = 64;
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, StoredPoint>> _devices = new(StringComparer.Ordinal);
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = events.Subscribe(Remember);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Null when the device has none.</summary>
    public IReadOnlyDictionary<string, double>? Of(string deviceId)
    {
        if (!_devices.ContainsKey(deviceId))
        {
            // What arrives meanwhile is newer than what was read, and stays.
            var stored = queries.ReadLatest(deviceId);
            _devices.AddOrUpdate(
                deviceId,
                static (_, read) => Merge(ImmutableDictionary<string, StoredPoint>.Empty, read.Select(Old)),
                static (_, present, read) => Merge(present, read.Select(Old)),
                stored);
        }

        return _devices.TryGetValue(deviceId, out var known) && known.Count > 0
            ? known.Where(static entry => double.IsFinite(entry.Value.Value))
                .ToDictionary(static entry => entry.Key, static entry => entry.Value.Value, StringComparer.Ordinal)
            : null;
    }

    private static KeyValuePair<string, StoredPoint> Old(KeyValuePair<string, double> value) =>
        new(value.Key, new StoredPoint(long.MinValue, value.Value));

    private static ImmutableDictionary<string, StoredPoint> Merge(
        ImmutableDictionary<string, StoredPoint> present, IEnumerable<KeyValuePair<string, StoredPoint>> added)
    {
        var builder = present.ToBuilder();
        foreach (var (name, point) in added)
        {
            var known = builder.TryGetValue(name, out var before);
            if (known ? point.Time > before.Time : builder.Count < MaxSeries)
            {
                builder[name] = point;
            }
        }

        return builder.ToImmutable();
    }

    private void Remember(FleetEvent fleetEvent)
    {
        // A device that nobody looked at yet is read whole when somebody does.
        if (fleetEvent is not PointsStored stored || !_devices.ContainsKey(stored.DeviceId))
        {
            return;
        }

        var added = stored.Series
            .Where(static series => series.AttributesJson == SeriesInfo.NoAttributes && series.Points.Count > 0)
            .Select(static series => KeyValuePair.Create(series.Name, series.Points[^1]));
        _devices.AddOrUpdate(
            stored.DeviceId,
            static (_, values) => Merge(ImmutableDictionary<string, StoredPoint>.Empty, values),
            static (_, present, values) => Merge(present, values),
            added);
    }
}
