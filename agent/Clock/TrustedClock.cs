using Messaging.Rosters;
using Messaging.Time;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Clock;

/// <summary>
/// A lower bound of the true time that the network cannot move. What the fleet's root has signed, and the build time, only raise it. What
/// another key has stated counts as long as the roster lists that key, and its newest word counts, not its highest: whoever has set a
/// clock wrong sets it right by telling the time again. A beacon for this boot takes the place of all other statements. The wall clock
/// alone never raises it. Thread-safe.
/// </summary>
internal sealed class TrustedClock(IBootClock boot)
{
    /// <summary>
    /// How far ahead of what the root has signed a stated time is believed after the next start. A stolen key can stop commands for so long
    /// and no longer, and only on devices that hear nothing else.
    /// </summary>
    public static readonly TimeSpan LongestAhead = TimeSpan.FromDays(30);

    /// <summary>A time further ahead than this after the build is a mistake, whoever signed it.</summary>
    public static readonly long LatestUnixMs = BuildTime.UnixMs + (20L * 366 * 24 * 3600 * 1000);
    private readonly Lock _gate = new();
    private readonly Dictionary<PrincipalId, Moment> _stated = [];
    private Moment _root = new(BuildTime.UnixMs, boot.UptimeMs);
    private Moment? _orphan;
    private BeaconSeen? _beacon;

    /// <summary>The true time is this or later; Unix milliseconds.</summary>
    public long LowerBoundUnixMs
    {
        get
        {
            lock (_gate)
            {
                return Now();
            }
        }
    }

    /// <summary>The true time is this or later by what the root has signed alone; Unix milliseconds.</summary>
    public long RootUnixMs
    {
        get
        {
            lock (_gate)
            {
                return _root.At(boot.UptimeMs);
            }
        }
    }

    /// <summary>The newest beacon of this boot.</summary>
    public BeaconSeen? Beacon
    {
        get
        {
            lock (_gate)
            {
                return _beacon;
            }
        }
    }

    /// <summary>What time it is by the newest beacon of this boot, to within its way (60 s at most); null without one. Unix milliseconds.</summary>
    public long? BeaconUnixMs
    {
        get
        {
            lock (_gate)
            {
                return _beacon is null ? null : Now();
            }
        }
    }

    /// <summary>Raised, outside of the lock, when a beacon was taken.</summary>
    public event Action? BeaconTaken;

    /// <summary>What the next start may rest on.</summary>
    public TrustedTime Snapshot()
    {
        lock (_gate)
        {
            var now = boot.UptimeMs;
            var root = _root.At(now);
            var (latest, signer) = (root, (PrincipalId?)null);
            foreach (var (id, stated) in _stated)
            {
                if (stated.At(now) > latest)
                {
                    (latest, signer) = (stated.At(now), id);
                }
            }

            return signer is null
                ? new TrustedTime(root, null, null)
                : new TrustedTime(root, Math.Min(latest, root + (long)LongestAhead.TotalMilliseconds), signer);
        }
    }

    /// <summary>What the run before has kept.</summary>
    public void Restore(TrustedTime kept)
    {
        RaiseRoot(kept.RootUnixMs);
        lock (_gate)
        {
            if (kept.StatedUnixMs is { } stated && stated <= LatestUnixMs)
            {
                var moment = new Moment(Math.Min(stated, _root.UnixMs + (long)LongestAhead.TotalMilliseconds), boot.UptimeMs);
                if (kept.StatedBy is { } signer)
                {
                    _stated[signer] = moment;
                }
                else
                {
                    // Kept by a version that did not say by whom: until a roster tells who speaks for the fleet.
                    _orphan = moment;
                }
            }
        }
    }

    /// <summary>A time that the fleet's root has signed.</summary>
    public void RaiseRoot(long unixMs)
    {
        lock (_gate)
        {
            if (unixMs <= LatestUnixMs && unixMs > _root.At(boot.UptimeMs))
            {
                _root = new Moment(unixMs, boot.UptimeMs);
            }
        }
    }

    /// <summary>Takes over whom the fleet trusts now: the time of that, and who may state one.</summary>
    public void Follow(FleetTrust fleet)
    {
        RaiseRoot(fleet.SignedAtUnixMs);
        var roster = fleet.Roster;
        lock (_gate)
        {
            if (_orphan is { } orphan)
            {
                _stated.TryAdd(fleet.Server.Id, orphan);
                _orphan = null;
            }

            var hasTime = false;
            foreach (var id in _stated.Keys)
            {
                if (roster.Find(id) is { } known)
                {
                    hasTime |= known.HasRole(Roles.Time);
                }
                else
                {
                    _stated.Remove(id);
                }
            }

            if (!hasTime)
            {
                _beacon = null;
            }
        }
    }

    /// <summary>What a key of the roster says the time is, in a message newer than all others of it that stated one.</summary>
    public void State(PrincipalId signer, long unixMs)
    {
        lock (_gate)
        {
            // A beacon is the better word on the time; what a server says of it by the way would only be a way around the time key.
            if (unixMs <= LatestUnixMs && _beacon is null)
            {
                _stated[signer] = new Moment(unixMs, boot.UptimeMs);
            }
        }
    }

    /// <summary>Takes over a beacon that was judged good.</summary>
    public void Take(PrincipalId signer, BeaconSeen beacon)
    {
        lock (_gate)
        {
            _beacon = beacon;
            _stated.Clear();
            _stated[signer] = new Moment(beacon.UnixMs, (ulong)beacon.ReceivedUptimeMs);
        }

        BeaconTaken?.Invoke();
    }

    private long Now()
    {
        var uptime = boot.UptimeMs;
        var now = _root.At(uptime);
        foreach (var stated in _stated.Values)
        {
            now = Math.Max(now, stated.At(uptime));
        }

        return now;
    }

    private readonly record struct Moment(long UnixMs, ulong UptimeMs)
    {
        public long At(ulong uptimeMs) => UnixMs + (long)(uptimeMs - UptimeMs);
    }
}
