using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>An epoch whose records may still be in the spool.</summary>
internal sealed class SpoolEpoch(EpochId id, ulong number, byte[] openFrame)
{
    public EpochId Id { get; } = id;

    public ulong Number { get; } = number;

    /// <summary>Sent again before the records of this epoch, on every connection.</summary>
    public byte[] OpenFrame { get; } = openFrame;

    /// <summary>Where its records can begin; the default for an epoch of an earlier process.</summary>
    public SpoolCursor Begin { get; init; }

    /// <summary>The highest sequence number of each stream that is on disk or known to be lost.</summary>
    public SortedDictionary<uint, ulong> LastSeq { get; } = [];

    public void Raise(uint stream, ulong seq)
    {
        if (!LastSeq.TryGetValue(stream, out var last) || seq > last)
        {
            LastSeq[stream] = seq;
        }
    }
}
