using Messaging.Agent.Clock;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Disk;
using Messaging.Agent.Events;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Transfers;

/// <summary>
/// What pushes have written beside their targets. Each is written down, durably, before it is made, so that nothing is left behind whatever
/// happens. One whose session was lost is kept for a while, and the same push goes on with it. Thread-safe.
/// </summary>
internal sealed partial class Partials
{
    /// <summary>So many are kept for pushes that may come back; the oldest go first.</summary>
    private const int MaxKept = 4;

    /// <summary>A push that is to make way for the same one is waited for so long.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(10);

    /// <summary>What could not be deleted is tried again.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(5);
    private const uint Version = 1;

    /// <summary>Its monitor is pulsed when a push lets go.</summary>
    private readonly object _gate = new();
    private readonly Signal _changed = new();
    private readonly List<Partial> _all = [];
    private readonly IDisk _disk;
    private readonly string _file;
    private readonly IPlaces _places;
    private readonly IBootClock _boot;
    private readonly TimeSpan _keep;
    private readonly IEventSink _events;
    private readonly ILogger<Partials> _logger;

    /// <param name="disk">Of the state.</param>
    /// <param name="file">Where they are written down.</param>
    /// <param name="places">Where they are.</param>
    /// <param name="boot">The clock.</param>
    /// <param name="keep">How long one is kept for a push that may come back.</param>
    /// <param name="events">Hears that what was written down is lost.</param>
    /// <param name="logger">Hears what could not be deleted.</param>
    /// <exception cref="IOException">The medium failed.</exception>
    public Partials(IDisk disk, string file, IPlaces places, IBootClock boot, TimeSpan keep, IEventSink events, ILogger<Partials> logger)
    {
        _disk = disk;
        _file = file;
        _places = places;
        _boot = boot;
        _keep = keep;
        _events = events;
        _logger = logger;
        var state = SealedFile.TryRead(disk, file, Magic, Version, PartialsCodec.MaxBytes, out var content);
        WasLost = !(state == SealedFileState.Missing || (state == SealedFileState.Whole && PartialsCodec.TryDecode(content, _all)));
        foreach (var one in _all)
        {
            one.KeptUntil = one.Boot == boot.BootId ? Until(keep) : 0;
        }
    }

    /// <summary>The file was there and could not be used: what is left of pushes is not known.</summary>
    public bool WasLost { get; }

    private static ReadOnlySpan<byte> Magic => "MSGPUSH1"u8;

    /// <summary>Deletes what is kept in vain, when its time has come.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (WasLost)
        {
            _events.Report(new DeviceEvent(AgentEvents.StateLost, DeviceEvent.Warning, [new("file", "pushes")]));
        }

        while (true)
        {
            RemoveExpired();
            await _changed.WaitAsync(UntilNext(), TimeProvider.System, ct);
        }
    }

    /// <summary>For one push: what there is of it, or a new one. A push that writes it is ended before.</summary>
    /// <param name="root">The allowed folder.</param>
    /// <param name="path">What it is to become.</param>
    /// <param name="size">Of the whole.</param>
    /// <param name="sha256">Of the whole.</param>
    /// <param name="stop">Ends the one that takes it, when the same push comes once more.</param>
    /// <exception cref="IOException">It cannot be written down.</exception>
    public Partial Take(string root, string path, long size, ReadOnlySpan<byte> sha256, Action stop)
    {
        lock (_gate)
        {
            var known = Find(path, size, sha256);
            for (; known?.Holder is { } holder; known = Find(path, size, sha256))
            {
                holder();
                if (known.Holder is not null && !Monitor.Wait(_gate, HandOver))
                {
                    throw new IOException($"{path} is being pushed already, and that push has not let go of it.");
                }
            }

            if (known is null)
            {
                if (_all.Count >= PartialsCodec.MaxEntries)
                {
                    throw new IOException("Too many pushes have left something that cannot be deleted; the agent's log says what.");
                }

                known = new Partial(root, path, BeneathFolder.NewName(), size, sha256.ToArray(), _boot.BootId);
                _all.Add(known);
                try
                {
                    Save();
                }
                catch (IOException)
                {
                    _all.Remove(known);
                    throw;
                }
            }

            known.Holder = stop;
            return known;
        }
    }

    /// <summary>Its session was lost: the same push may come back for it.</summary>
    public void Keep(Partial partial)
    {
        Partial? oldest;
        lock (_gate)
        {
            partial.KeptUntil = Until(_keep);
            Release(partial);
            oldest = CountKept(out var first) > MaxKept ? Claim(first) : null;
        }

        if (oldest is not null)
        {
            Remove(oldest);
        }

        _changed.Set();
    }

    /// <summary>Makes room by what is kept the longest; false when nothing is.</summary>
    public bool RemoveOldest()
    {
        Partial? oldest;
        lock (_gate)
        {
            CountKept(out var first);
            oldest = Claim(first);
        }

        return oldest is not null && Remove(oldest);
    }

    /// <summary>It has become the file, or was never made.</summary>
    public void Forget(Partial partial)
    {
        lock (_gate)
        {
            _all.Remove(partial);
            Release(partial);
            TrySave();
        }
    }

    /// <summary>Deletes it; what cannot be deleted now is tried again later.</summary>
    public bool Remove(Partial partial)
    {
        try
        {
            if (BeneathRoots.Find([partial.Root], partial.Path) is var (root, names))
            {
                using var place = _places.Open(root, names);
                place.Delete(partial.Temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogLeft(partial.Path, partial.Temporary, e.Message);
            lock (_gate)
            {
                partial.KeptUntil = Until(Retry);
                Release(partial);
            }

            return false;
        }

        Forget(partial);
        return true;
    }

    private void RemoveExpired()
    {
        Partial[] expired;
        lock (_gate)
        {
            expired = [.. _all.FindAll(one => one.Holder is null && one.KeptUntil <= _boot.UptimeMs)];
            Array.ForEach(expired, static one => Claim(one));
        }

        foreach (var one in expired)
        {
            Remove(one);
        }
    }

    private TimeSpan UntilNext()
    {
        lock (_gate)
        {
            var next = ulong.MaxValue;
            foreach (var one in _all)
            {
                next = one.Holder is null ? Math.Min(next, one.KeptUntil) : next;
            }

            var now = _boot.UptimeMs;
            return next == ulong.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(next <= now ? 1 : next - now);
        }
    }

    private Partial? Find(string path, long size, ReadOnlySpan<byte> sha256)
    {
        foreach (var one in _all)
        {
            if (one.IsOf(path, size, sha256, _boot.BootId))
            {
                return one;
            }
        }

        return null;
    }

    private int CountKept(out Partial? oldest)
    {
        var count = 0;
        oldest = null;
        foreach (var one in _all)
        {
            if (one.Holder is null)
            {
                count++;
                oldest = oldest is null || one.KeptUntil < oldest.KeptUntil ? one : oldest;
            }
        }

        return count;
    }

    /// <summary>So that no push goes on with it while it is deleted: whoever wants to waits for that.</summary>
    private static Partial? Claim(Partial? partial)
    {
        partial?.Holder = static () => { };
        return partial;
    }

    private void Release(Partial partial)
    {
        partial.Holder = null;
        Monitor.PulseAll(_gate);
    }

    private ulong Until(TimeSpan time) => _boot.UptimeMs + (ulong)time.TotalMilliseconds;

    private void Save() => SealedFile.Write(_disk, _file, Magic, Version, PartialsCodec.Encode(_all));

    private void TrySave()
    {
        try
        {
            Save();
        }
        catch (IOException e)
        {
            // What is written down too much is looked for in vain at the next start, and that is all.
            LogNotSaved(_file, e.Message);
        }
    }

    [LoggerMessage(EventId = 3310, Level = LogLevel.Warning, Message = "What was pushed of {Path} could not be deleted and is tried again ({Temporary}): {Error}")]
    private partial void LogLeft(string path, string temporary, string error);

    [LoggerMessage(EventId = 3311, Level = LogLevel.Warning, Message = "{File} could not be written: {Error}")]
    private partial void LogNotSaved(string file, string error);
}
