using System.Globalization;
using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>One file of the spool and which records it holds.</summary>
internal sealed class Segment(long number, string path, IDiskFile file) : IDisposable
{
    public const string Suffix = ".seg";

    public long Number { get; } = number;

    public string Path { get; } = path;

    public IDiskFile File { get; } = file;

    /// <summary>Rises when it is written anew without some of its records: places in it are others then.</summary>
    public int Generation { get; init; }

    /// <summary>Bytes of all records by stream, those that were taken back included.</summary>
    public Dictionary<uint, long> RecordBytes { get; } = [];

    /// <summary>When its snapshot was written.</summary>
    public DateTimeOffset? BegunAt { get; set; }

    /// <summary>Where the entries after the snapshot begin.</summary>
    public long Begin { get; set; } = SegmentHeader.Bytes;

    /// <summary>Bytes of whole entries; the file may be longer after a failed write.</summary>
    public long Length { get; set; }

    /// <summary>Bytes that survive a power cut; only these may be sent.</summary>
    public long Durable { get; set; }

    /// <summary>What is behind <see cref="Length"/> has to be cut off before the next write.</summary>
    public bool HasTail { get; set; }

    /// <summary>The folder's entry for this file is not synced yet.</summary>
    public bool IsNew { get; set; }

    public Dictionary<StreamKey, SeqRanges> Records { get; private set; } = [];

    /// <summary>Stretches that cannot be read.</summary>
    public List<(int Offset, int Length)> Damage { get; set; } = [];

    public int DamagedBytes
    {
        get
        {
            var bytes = 0;
            foreach (var (_, length) in Damage)
            {
                bytes += length;
            }

            return bytes;
        }
    }

    public static string FileName(long number) => number.ToString("D8", CultureInfo.InvariantCulture) + Suffix;

    public static bool TryParse(string fileName, out long number)
    {
        number = 0;
        return fileName.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(fileName.AsSpan(0, fileName.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public void Add(StreamKey key, ulong seq, int bytes)
    {
        RecordBytes[key.Stream] = RecordBytes.GetValueOrDefault(key.Stream) + bytes;
        if (!Records.TryGetValue(key, out var ranges))
        {
            Records.Add(key, ranges = new SeqRanges());
        }

        ranges.Add(new SeqRange(seq, seq));
    }

    public void Remove(StreamKey key, ulong seq)
    {
        if (Records.TryGetValue(key, out var ranges) && ranges.RemoveLast(seq))
        {
            Records.Remove(key);
        }
    }

    public void Forget(EpochId epoch)
    {
        foreach (var key in Records.Keys)
        {
            if (key.Epoch == epoch)
            {
                Records.Remove(key);
            }
        }
    }

    /// <summary>Whether it holds records of a stream that is wanted.</summary>
    public bool Has(Func<StreamKey, bool> wanted)
    {
        foreach (var key in Records.Keys)
        {
            if (wanted(key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns what was there before.</summary>
    public Dictionary<StreamKey, SeqRanges> Replace(Dictionary<StreamKey, SeqRanges> records)
    {
        var before = Records;
        Records = records;
        return before;
    }

    /// <summary>Steps over what cannot be read.</summary>
    public long SkipDamage(long offset)
    {
        foreach (var damage in Damage)
        {
            if (offset >= damage.Offset && offset < damage.Offset + damage.Length)
            {
                return damage.Offset + damage.Length;
            }
        }

        return offset;
    }

    public void Dispose() => File.Dispose();
}
