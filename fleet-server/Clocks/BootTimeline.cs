using Messaging.Wire;

namespace Messaging.FleetServer.Clocks;

/// <summary>What is known of when a boot of a device was.</summary>
internal sealed class BootTimeline(BootId boot)
{
    /// <summary>Two in an hour of the boot tell no more than one.</summary>
    public const long SpacingMs = 3_600_000;

    /// <summary>Most anchors of a boot; the older ones are thinned out.</summary>
    public const int MaxAnchors = 64;

    /// <summary>As long as times of batches can be.</summary>
    private const long MaxMonoMs = 253_402_300_799_999;
    private const long StepMs = 60_000;
    private long _storedMono;

    /// <summary>0 until it is stored.</summary>
    public long Id { get; set; }

    public BootId Boot { get; } = boot;

    /// <summary>The lowest number of an epoch of the boot, which is the order of boots; null for one that only logs tell of.</summary>
    public ulong? FirstEpoch { get; private set; }

    /// <summary>It went on at least until then; milliseconds since it began.</summary>
    public long LastMonoMs { get; private set; }

    /// <summary>When its last record came, Unix milliseconds.</summary>
    public long LastRecordAt { get; private set; }

    /// <summary>It began at this time or before: what is sealed came later than it happened. Unix milliseconds.</summary>
    public long LatestStart { get; private set; } = long.MaxValue;

    /// <summary>When it is estimated to have begun; its rows in the tables stand by that.</summary>
    public long? EstimatedStart { get; init; }

    /// <summary>There are rows to be placed.</summary>
    public bool IsPending { get; set; }

    /// <summary>Differs from what is stored.</summary>
    public bool IsChanged { get; set; }

    /// <summary>So do its anchors.</summary>
    public bool HasNewAnchors { get; private set; }

    public List<Anchor> Anchors { get; } = [];

    public static BootTimeline Stored(
        long id, BootId boot, ulong? firstEpoch, long lastMonoMs, long lastRecordAt, long latestStart, long? estimatedStart, bool isPending, IEnumerable<Anchor> anchors)
    {
        var timeline = new BootTimeline(boot)
        {
            Id = id,
            FirstEpoch = firstEpoch,
            LastMonoMs = lastMonoMs,
            _storedMono = lastMonoMs,
            LastRecordAt = lastRecordAt,
            LatestStart = latestStart,
            EstimatedStart = estimatedStart,
            IsPending = isPending,
        };
        timeline.Anchors.AddRange(anchors);
        return timeline;
    }

    /// <summary>An epoch of the boot was opened.</summary>
    public void NoteEpoch(ulong number, long monoMs, long receivedAt)
    {
        monoMs = Math.Min(monoMs, MaxMonoMs);
        if (FirstEpoch is null || number < FirstEpoch)
        {
            FirstEpoch = number;
            IsChanged = true;
        }

        Note(monoMs, receivedAt);
    }

    /// <summary>Something that was closed then came.</summary>
    public void Note(long monoMs, long receivedAt)
    {
        LastMonoMs = Math.Max(LastMonoMs, monoMs);
        LatestStart = Math.Min(LatestStart, receivedAt - monoMs);
        LastRecordAt = Math.Max(LastRecordAt, receivedAt);

        // Not a write for each record: a minute more or less moves an estimate by no more than that.
        if (Id == 0 || LastMonoMs - _storedMono >= StepMs || IsPending)
        {
            IsChanged = true;
        }
    }

    public void Written() => (IsChanged, HasNewAnchors, _storedMono) = (false, false, LastMonoMs);

    /// <summary>The anchor by which a moment of the boot is best known, or null.</summary>
    public Anchor? Nearest(long monoMs, Func<Anchor, bool>? of = null)
    {
        Anchor? best = null;
        foreach (var anchor in Anchors)
        {
            if (of?.Invoke(anchor) != false && (best is null || Rank(anchor, monoMs).CompareTo(Rank(best.Value, monoMs)) < 0))
            {
                best = anchor;
            }
        }

        return best;
    }

    /// <summary>Keeps an anchor if it tells something new.</summary>
    public void Add(Anchor anchor)
    {
        var near = Anchors.FindIndex(known => known.Source == anchor.Source && Math.Abs(known.MonoMs - anchor.MonoMs) < SpacingMs);
        if (near >= 0)
        {
            var known = Anchors[near];
            var isBetter = anchor.Source switch
            {
                // The one that was on its way for less.
                AnchorSource.Receipt => anchor.StartUnixMs < known.StartUnixMs,
                AnchorSource.Beacon => anchor.UncertaintyMs < known.UncertaintyMs,

                // A clock that was set: the newest word counts from here on.
                _ => Math.Abs(anchor.StartUnixMs - known.StartUnixMs) > anchor.UncertaintyMs && anchor.MonoMs > known.MonoMs,
            };
            if (!isBetter)
            {
                return;
            }

            Anchors.RemoveAt(near);
        }

        if (Anchors.Count >= MaxAnchors)
        {
            // Every second of the older half.
            var ordered = Anchors.OrderBy(known => known.MonoMs).ToList();
            Anchors.Clear();
            Anchors.AddRange(ordered.Where((_, i) => i >= ordered.Count / 2 || i % 2 == 0));
        }

        Anchors.Add(anchor);
        (IsChanged, HasNewAnchors) = (true, true);
        IsPending |= EstimatedStart is not null && anchor.Source != AnchorSource.Log;
    }

    /// <summary>A log's word comes after every other, however near it is.</summary>
    private static (int Weak, long Error) Rank(Anchor anchor, long monoMs) => (anchor.Source == AnchorSource.Log ? 1 : 0, anchor.ErrorAt(monoMs));
}
