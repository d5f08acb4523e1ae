namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>
/// What the relay counted during the last minute: a sample of all counters every five seconds, of which a minute is kept, so that whoever asks gets the same answer as
/// everybody else, however often anybody asks. Thread safe.
/// </summary>
internal sealed class RelayRates(RelaySections sections, TimeProvider time) : IHostedService, IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Samples of a minute, and the one before.</summary>
    private const int Kept = 13;

    private readonly Lock _gate = new();
    private readonly Queue<RelaySample> _samples = new(Kept);
    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Take();
        _timer = time.CreateTimer(_ => Take(), null, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>All sections now, with what they counted lately, and how long that is.</summary>
    public (IReadOnlyDictionary<string, CountersView> Sections, TimeSpan Recent) Read()
    {
        var (now, at) = (sections.Counters(), time.GetTimestamp());
        RelaySample? then;
        lock (_gate)
        {
            _samples.TryPeek(out then);
        }

        return (
            now.ToDictionary(
                static section => section.Key,
                section => new CountersView(section.Value, Recent(section.Value, then?.Sections.GetValueOrDefault(section.Key))),
                StringComparer.Ordinal),
            then is null ? TimeSpan.Zero : time.GetElapsedTime(then.At, at));
    }

    /// <summary>Of a relay that was started anew meanwhile, what it has counted since.</summary>
    private static Dictionary<string, long> Recent(IReadOnlyDictionary<string, long> now, IReadOnlyDictionary<string, long>? then)
    {
        if (then is null || then.Count == 0)
        {
            // Nothing is known of the time before.
            return [];
        }

        var isAnew = now.Any(one => one.Value < then.GetValueOrDefault(one.Key));
        return now.Select(one => KeyValuePair.Create(one.Key, isAnew ? one.Value : one.Value - then.GetValueOrDefault(one.Key)))
            .Where(static one => one.Value > 0)
            .ToDictionary(StringComparer.Ordinal);
    }

    private void Take()
    {
        var sample = new RelaySample(time.GetTimestamp(), sections.Counters());
        lock (_gate)
        {
            if (_samples.Count == Kept)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(sample);
        }
    }
}
