using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>
/// Which epochs of one sender a receiver takes. A server takes any number above the floor, because a device that was killed ten times
/// while offline has ten epochs to deliver; a device takes only rising numbers, because control opens one epoch after the other. Pure; not thread-safe.
/// </summary>
public sealed class EpochLedger
{
    private readonly SortedDictionary<ulong, EpochId> _known = [];
    private readonly bool _rising;

    /// <summary>An empty ledger.</summary>
    /// <param name="rising">True if a new epoch's number must be above every known one.</param>
    /// <param name="floor">Numbers up to this one are refused.</param>
    public EpochLedger(bool rising = false, ulong floor = 0)
    {
        _rising = rising;
        Floor = floor;
    }

    /// <summary>Numbers up to this one are refused.</summary>
    public ulong Floor { get; private set; }

    /// <summary>The highest known number; the floor if none is known.</summary>
    public ulong Highest
    {
        get
        {
            var highest = Floor;
            foreach (var number in _known.Keys)
            {
                highest = Math.Max(highest, number);
            }

            return highest;
        }
    }

    /// <summary>The known epochs above the floor, numbers ascending.</summary>
    public IReadOnlyCollection<KeyValuePair<ulong, EpochId>> Known => _known;

    /// <summary>Judges an opening. Changes nothing.</summary>
    public EpochAdmission Judge(ulong epochNo, EpochId id)
    {
        if (_known.TryGetValue(epochNo, out var known))
        {
            return known == id ? EpochAdmission.Known : EpochAdmission.Conflict;
        }

        return epochNo <= Floor || (_rising && epochNo <= Highest) ? EpochAdmission.Stale : EpochAdmission.New;
    }

    /// <summary>Judges an opening, and remembers the epoch if it is new.</summary>
    public EpochAdmission Admit(ulong epochNo, EpochId id)
    {
        var admission = Judge(epochNo, id);
        if (admission == EpochAdmission.New)
        {
            _known.Add(epochNo, id);
        }

        return admission;
    }

    /// <summary>Forgets the epochs up to a number, and refuses them from now on. A floor never falls.</summary>
    /// <returns>The epochs that were forgotten.</returns>
    public IReadOnlyList<EpochId> RaiseFloor(ulong epochNo)
    {
        var (numbers, forgotten) = (new List<ulong>(), new List<EpochId>());
        foreach (var (number, id) in _known)
        {
            if (number <= epochNo)
            {
                numbers.Add(number);
                forgotten.Add(id);
            }
        }

        foreach (var number in numbers)
        {
            _known.Remove(number);
        }

        Floor = Math.Max(Floor, epochNo);
        return forgotten;
    }

    /// <summary>Keeps the newest epochs and forgets the others: a device keeps three, the current one and the two before.</summary>
    /// <returns>The epochs that were forgotten.</returns>
    public IReadOnlyList<EpochId> KeepNewest(int count)
    {
        var older = _known.Count - count;
        foreach (var number in _known.Keys)
        {
            if (older-- == 1)
            {
                return RaiseFloor(number);
            }
        }

        return [];
    }

    /// <summary>
    /// True when everything of an uplink epoch is in: its successor's opening says how far each stream went, and each window has
    /// come there. The volatile stream does not count.
    /// </summary>
    /// <param name="lastSeqs">The successor's PrevLastSeq.</param>
    /// <param name="cumulativeThrough">Gives a stream's cumulative number; 0 for a stream of which nothing came.</param>
    public static bool IsFinished(IReadOnlyList<StreamSeq> lastSeqs, Func<uint, ulong> cumulativeThrough)
    {
        ArgumentNullException.ThrowIfNull(lastSeqs);
        ArgumentNullException.ThrowIfNull(cumulativeThrough);
        foreach (var last in lastSeqs)
        {
            if (last.StreamId != StreamId.Volatile && cumulativeThrough(last.StreamId) < last.Seq)
            {
                return false;
            }
        }

        return true;
    }
}
