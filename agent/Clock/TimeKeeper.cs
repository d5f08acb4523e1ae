using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Identity;
using Messaging.Agent.Uplink;
using Messaging.Streams;
using Messaging.Time;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Clock;

/// <summary>
/// Asks the fleet for the time on each connection and again after a while, tells the fleet what came of it, keeps it for the next start,
/// and watches the wall clock.
/// </summary>
internal sealed partial class TimeKeeper : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    /// <summary>A beacon as new as this needs no other on a new connection.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly IBootClock _boot;
    private readonly TrustedClock _trusted;
    private readonly TrustStore _store;
    private readonly WallClock _wall;
    private readonly UplinkSender _sender;
    private readonly VolatileOutbox _outbox;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly ILogger<TimeKeeper> _logger;
    private readonly TimeSpan _interval;
    private readonly ClockWatch _watch = new();
    private readonly Signal _wake = new();
    private volatile bool _introduced;
    private volatile bool _taken;
    private long _askedAt;
    private TimeSpan _wait;

    public TimeKeeper(
        IBootClock boot,
        TrustedClock trusted,
        TrustStore store,
        WallClock wall,
        UplinkSender sender,
        VolatileOutbox outbox,
        IEventSink events,
        AgentOptions options,
        TimeProvider time,
        ILogger<TimeKeeper> logger)
    {
        _boot = boot;
        _trusted = trusted;
        _store = store;
        _wall = wall;
        _sender = sender;
        _outbox = outbox;
        _events = events;
        _time = time;
        _logger = logger;
        _interval = options.Clock.BeaconInterval;
        _wait = FirstRetry;
        sender.Introduced += OnIntroduced;
        trusted.BeaconTaken += OnTaken;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            Look();
            await _wake.WaitAsync(LookInterval, _time, ct);
        }
    }

    public void Dispose()
    {
        _sender.Introduced -= OnIntroduced;
        _trusted.BeaconTaken -= OnTaken;
    }

    /// <summary>One turn.</summary>
    public void Look()
    {
        if (_taken)
        {
            _taken = false;
            _wait = _interval;
            Keep();

            // The fleet learns from it how long the way takes, and when this boot was.
            Send(isWanted: false);
        }

        var isNewConnection = _introduced;
        _introduced = false;
        if (isNewConnection ? !IsFresh() : _askedAt != 0 && _time.GetElapsedTime(_askedAt) >= _wait)
        {
            // A server that does not answer is asked ever more rarely.
            _wait = isNewConnection ? FirstRetry : _wait * 2 < _interval ? _wait * 2 : _interval;
            _askedAt = _time.GetTimestamp();
            Send(isWanted: true);
        }

        foreach (var happened in _watch.Look(_wall.Read(), _trusted.Beacon))
        {
            _events.Report(happened);
        }
    }

    private bool IsFresh() => _trusted.Beacon is { } beacon && (long)_boot.UptimeMs - beacon.ReceivedUptimeMs < Fresh.TotalMilliseconds;

    private void Send(bool isWanted) =>
        _outbox.Send(RecordType.TimeRequest, new TimeRequest(_boot.BootId, (long)_boot.UptimeMs, isWanted, _trusted.Beacon).Encode());

    private void Keep()
    {
        try
        {
            _store.SaveTime();
        }
        catch (IOException e)
        {
            Log.NotKept(_logger, e.Message);
        }
    }

    private void OnIntroduced()
    {
        _introduced = true;
        _wake.Set();
    }

    private void OnTaken()
    {
        _taken = true;
        _wake.Set();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3095, Level = LogLevel.Warning, Message = "The time could not be stored: {Reason}")]
        public static partial void NotKept(ILogger logger, string reason);
    }
}
