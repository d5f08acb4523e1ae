using System.Buffers.Binary;

namespace Messaging.Agent.Spool;

/// <summary>Finds the whole entries of a segment, and what between them is damaged.</summary>
internal sealed class SegmentScan
{
    private readonly byte[] _start = new byte[EntryFormat.ChainBytes];

    private SegmentScan()
    {
    }

    /// <summary>Offset and length of each whole entry.</summary>
    public List<(int Offset, int Length)> Entries { get; } = [];

    /// <summary>Stretches that are no whole entry although a whole one follows, or that do not follow from what is before them.</summary>
    public List<(int Offset, int Length)> Damage { get; } = [];

    /// <summary>Where the whole entries end; less than the file's length when its tail is torn.</summary>
    public int End { get; private set; }

    /// <summary>Bytes that are known to have been synced: damage before this is no power cut.</summary>
    public long Durable { get; private set; }

    /// <summary>Chain value of the last entry.</summary>
    public byte[] Chain { get; } = new byte[EntryFormat.ChainBytes];

    public static SegmentScan Run(ReadOnlySpan<byte> segment, ReadOnlySpan<byte> chain)
    {
        var scan = new SegmentScan { End = Math.Min(SegmentHeader.Bytes, segment.Length) };
        var chainKnown = chain.Length == EntryFormat.ChainBytes;
        if (chainKnown)
        {
            chain.CopyTo(scan.Chain);
            chain.CopyTo(scan._start);
        }

        var at = scan.End;
        while (at < segment.Length)
        {
            if (!EntryFormat.TryRead(segment[at..], out var entry))
            {
                at = NextEntry(segment, at + 1);
                continue;
            }

            if (at > scan.End)
            {
                scan.Damage.Add((scan.End, at - scan.End));
            }
            else if (chainKnown && !EntryFormat.Follows(scan.Chain, entry))
            {
                scan.Damage.Add((at, 0));
            }

            chainKnown = true;
            EntryFormat.Chain(entry).CopyTo(scan.Chain);
            scan.Entries.Add((at, entry.Length));
            scan.Durable = Math.Max(scan.Durable, EntryFormat.Durable(entry));
            at += entry.Length;
            scan.End = at;
        }

        return scan;
    }

    /// <summary>
    /// Forgets everything from the first damage on that was never known to be synced: after a power cut later pages may have
    /// reached the disk before earlier ones, and a checkpoint must not count when the records before it are gone.
    /// </summary>
    public void CutUnsynced(ReadOnlySpan<byte> segment)
    {
        var cut = Damage.FindIndex(damage => damage.Offset >= Durable);
        if (cut < 0)
        {
            return;
        }

        End = Damage[cut].Offset;
        Damage.RemoveRange(cut, Damage.Count - cut);
        Entries.RemoveAll(entry => entry.Offset >= End);
        (Entries.Count > 0 ? EntryFormat.Chain(segment[Entries[^1].Offset..]) : _start).CopyTo(Chain);
    }

    private static int NextEntry(ReadOnlySpan<byte> segment, int at)
    {
        Span<byte> magic = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(magic, EntryFormat.Magic);
        while (at < segment.Length)
        {
            var next = segment[at..].IndexOf(magic);
            if (next < 0)
            {
                return segment.Length;
            }

            at += next;
            if (EntryFormat.TryRead(segment[at..], out _))
            {
                return at;
            }

            at++;
        }

        return segment.Length;
    }
}
