using Messaging.FleetServer.Telemetry;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// Places what was stored without a time, as soon as it is known when its boot was. Between the groups of the ingest, to which it belongs:
/// so nobody writes beside it.
/// </summary>
internal sealed partial class BootPlacer(ITelemetryStore store, Senders senders, IngestAftermath aftermath, TimeProvider time, ILogger<BootPlacer> logger)
{
    private const int BootsAtOnce = 64;

    /// <summary>Between two looks at what waits.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Queue<long> _boots = new();
    private long? _lookedAt;
    private long _after;

    /// <summary>One transaction at most.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    public bool Step()
    {
        try
        {
            if (_boots.Count == 0)
            {
                Look();
            }

            if (_boots.TryDequeue(out var boot) && store.Place(boot, time.GetUtcNow()) is { } placed && (placed.Rows > 0 || placed.IsDone))
            {
                // What is in memory does not know where its boots stand now.
                senders.Forget(placed.Device);
                aftermath.Follow(placed);
                if (!placed.IsDone)
                {
                    _boots.Enqueue(boot);
                }
            }
        }
        catch (Exception error)
        {
            // Nothing was changed; the next look finds it again.
            Log.Failed(logger, error);
            _boots.Clear();
        }

        return _boots.Count > 0;
    }

    private void Look()
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < Interval)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        var boots = store.PendingBoots(_after, BootsAtOnce);
        _after = boots.Count < BootsAtOnce ? 0 : boots[^1];
        foreach (var boot in boots)
        {
            _boots.Enqueue(boot);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Rows without a time could not be placed; tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
