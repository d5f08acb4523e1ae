using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>
/// Sealed records on disk until the server has confirmed that it has stored them: append-only segments, hash-chained, bounded by
/// size. Thread-safe. Opening and appending never fail because of what is on disk or because it takes no more: what is lost is
/// counted as a gap, and <see cref="Problems"/> says why.
/// </summary>
internal sealed partial class SpoolStore : IDisposable
{
    private const string AckFile = "acks";
    private const uint AckVersion = 3;
    private const int MaxProblems = 256;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly SpoolLimits _limits;
    private readonly TimeProvider _time;
    private readonly List<Segment> _segments = [];
    private readonly SpoolContents _contents;
    private readonly AckTable _acks = new();
    private readonly EntryWriter _writer = new();
    private readonly List<SpoolProblem> _problems = [];
    private readonly byte[] _chain = new byte[EntryFormat.ChainBytes];
    private readonly byte[] _durableChain = new byte[EntryFormat.ChainBytes];
    private readonly List<SpoolRecord> _unsynced = [];
    private readonly List<EpochId> _pruned = [];
    private bool _acksChanged;
    private bool _namesAreDurable;
    private DateTimeOffset? _waitingSince;
    private long _evicted;
    private string? _failure;
    private DateTimeOffset _failedSince;
    private long _failedAt;

    private SpoolStore(IDisk disk, string folder, SpoolLimits limits, TimeProvider time)
    {
        _disk = disk;
        _folder = folder;
        _limits = limits;
        _time = time;
        _contents = new SpoolContents(limits);
    }

    /// <summary>Raised, outside of the lock, when more records than before may be sent.</summary>
    public event Action? Advanced;

    private static ReadOnlySpan<byte> AckMagic => "MSGACKS1"u8;

    private Segment? Active => _segments.Count == 0 ? null : _segments[^1];

    /// <summary>Reads what is there, repairs it and says in <see cref="TakeProblems"/> what was wrong.</summary>
    /// <exception cref="IOException">The folder cannot be read at all.</exception>
    public static SpoolStore Open(IDisk disk, string folder, SpoolLimits limits, TimeProvider time)
    {
        var store = new SpoolStore(disk, folder, limits, time);
        lock (store._gate)
        {
            store.Recover();
        }

        return store;
    }

    /// <summary>The newest durable position of each source.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints(string prefix)
    {
        lock (_gate)
        {
            var found = new List<Checkpoint>();
            foreach (var (key, value) in _contents.Checkpoints)
            {
                if (key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    found.Add(new Checkpoint(key, value));
                }
            }

            return found;
        }
    }

    /// <summary>The newest epoch, to which a new one refers.</summary>
    public SpoolEpoch? NewestEpoch
    {
        get
        {
            lock (_gate)
            {
                return _contents.Epochs.Count == 0 ? null : _contents.Epochs[^1];
            }
        }
    }

    /// <summary>Epochs with records that the server has not confirmed, and the newest one; oldest first.</summary>
    public IReadOnlyList<SpoolEpoch> EpochsToOpen()
    {
        lock (_gate)
        {
            var live = LiveEpochs();
            return [.. _contents.Epochs.Where((epoch, i) => live.Contains(epoch.Id) || i == _contents.Epochs.Count - 1)];
        }
    }

    public bool TryFindEpoch(EpochId id, out SpoolEpoch epoch)
    {
        lock (_gate)
        {
            var found = _contents.Find(id);
            epoch = found!;
            return found is not null;
        }
    }

    /// <summary>The newest epoch with this key id.</summary>
    public bool TryFindEpoch(Kid kid, out SpoolEpoch epoch)
    {
        lock (_gate)
        {
            epoch = _contents.Epochs.LastOrDefault(candidate => candidate.Id.Kid == kid)!;
            return epoch is not null;
        }
    }

    /// <summary>Lost ranges that are to be reported until they are retired.</summary>
    public IReadOnlyList<SpoolGap> OutstandingGaps()
    {
        lock (_gate)
        {
            return [.. _contents.Gaps.Outstanding];
        }
    }

    /// <summary>What went wrong since the last call.</summary>
    public IReadOnlyList<SpoolProblem> TakeProblems()
    {
        lock (_gate)
        {
            var problems = _problems.ToArray();
            _problems.Clear();
            return problems;
        }
    }

    public SpoolCounts Counts()
    {
        lock (_gate)
        {
            var unacked = _segments.Sum(UnackedIn);
            return new SpoolCounts(
                TotalBytes(),
                Quota(),
                unacked,
                unacked > 0 ? _waitingSince : null,
                _evicted,
                _contents.Gaps.Outstanding.Count,
                _failure,
                _failure is null ? null : _failedSince);
        }
    }

    /// <summary>Syncs what is left and closes the files. What cannot be synced any more was never promised.</summary>
    public void Dispose()
    {
        Sync();
        SaveAcks();
        lock (_gate)
        {
            foreach (var segment in _segments)
            {
                segment.Dispose();
            }
        }
    }

    private long TotalBytes()
    {
        long total = 0;
        foreach (var segment in _segments)
        {
            total += segment.Length;
        }

        return total;
    }

    /// <summary>How many records that the server has not confirmed are of the newest epoch, and how many of those before it.</summary>
    public (long Newest, long Older) UnackedByAge()
    {
        lock (_gate)
        {
            var newest = _contents.Epochs.Count == 0 ? default : _contents.Epochs[^1].Id;
            long ofNewest = 0, all = 0;
            foreach (var segment in _segments)
            {
                foreach (var (key, ranges) in segment.Records)
                {
                    var count = Count(key, ranges);
                    all += count;
                    ofNewest += key.Epoch == newest ? count : 0;
                }
            }

            return (ofNewest, all - ofNewest);
        }
    }

    /// <summary>How many records of a stream the server has not confirmed.</summary>
    public long Waiting(uint stream)
    {
        lock (_gate)
        {
            long count = 0;
            foreach (var segment in _segments)
            {
                foreach (var (key, ranges) in segment.Records)
                {
                    if (key.Stream == stream)
                    {
                        count += Count(key, ranges);
                    }
                }
            }

            return count;
        }
    }

    private HashSet<EpochId> LiveEpochs()
    {
        var live = new HashSet<EpochId>();
        foreach (var segment in _segments)
        {
            foreach (var (key, ranges) in segment.Records)
            {
                if (!_acks.Covers(key, ranges.Last))
                {
                    live.Add(key.Epoch);
                }
            }
        }

        return live;
    }

    private long UnackedIn(Segment segment)
    {
        long count = 0;
        foreach (var (key, ranges) in segment.Records)
        {
            count += Count(key, ranges);
        }

        return count;
    }

    private long Count(StreamKey key, SeqRanges ranges)
    {
        long count = 0;
        foreach (var range in Unacked(key, ranges))
        {
            count += (long)(range.To - range.From) + 1;
        }

        return count;
    }

    private IEnumerable<SeqRange> Unacked(StreamKey key, SeqRanges ranges)
    {
        var acked = _acks.TryGet(key, out var through);
        foreach (var range in ranges.Ranges)
        {
            if (!acked || range.From > through)
            {
                yield return range;
            }
            else if (range.To > through)
            {
                yield return range with { From = through + 1 };
            }
        }
    }

    private void Problem(SpoolProblemKind kind, string detail, long count)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(new SpoolProblem(kind, detail, count));
        }
    }
}
