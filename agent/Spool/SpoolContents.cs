using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Everything that the spool knows besides records. Each segment begins with a copy of it.</summary>
internal sealed class SpoolContents(SpoolLimits limits)
{
    private readonly Dictionary<string, byte[]> _checkpoints = new(StringComparer.Ordinal);
    private readonly List<SpoolEpoch> _epochs = [];

    public IReadOnlyDictionary<string, byte[]> Checkpoints => _checkpoints;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SpoolEpoch> Epochs => _epochs;

    public GapLedger Gaps { get; } = new(limits.MaxGaps);

    public SpoolEpoch? Find(EpochId id)
    {
        for (var i = _epochs.Count - 1; i >= 0; i--)
        {
            if (_epochs[i].Id == id)
            {
                return _epochs[i];
            }
        }

        return null;
    }

    public void Add(SpoolEpoch epoch)
    {
        if (Find(epoch.Id) is null)
        {
            _epochs.Add(epoch);
        }
    }

    public void Remove(SpoolEpoch epoch) => _epochs.Remove(epoch);

    public void Set(string key, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            _checkpoints.Remove(key);
        }
        else
        {
            _checkpoints[key] = value.ToArray();
        }
    }

    public void WriteTo(EntryWriter writer)
    {
        writer.UInt32((uint)_checkpoints.Count);
        foreach (var (key, value) in _checkpoints)
        {
            writer.Checkpoint(key, value);
        }

        writer.UInt32((uint)_epochs.Count);
        foreach (var epoch in _epochs)
        {
            writer.Epoch(epoch.Id);
            writer.UInt64(epoch.Number);
            writer.UInt16(epoch.LastSeq.Count);
            foreach (var (stream, last) in epoch.LastSeq)
            {
                writer.UInt32(stream);
                writer.UInt64(last);
            }

            writer.Sized(epoch.OpenFrame);
        }

        writer.UInt32((uint)Gaps.Count);
        foreach (var gap in Gaps.All)
        {
            writer.Gap(gap);
        }
    }

    /// <summary>Replaces everything; on false the content is partial and the entry counts as damaged.</summary>
    public bool TryReplace(ReadOnlySpan<byte> body)
    {
        _checkpoints.Clear();
        _epochs.Clear();
        Gaps.Clear();
        var reader = new EntryReader(body);
        return TryCheckpoints(ref reader) && TryEpochs(ref reader) && TryGaps(ref reader) && reader.Rest.IsEmpty;
    }

    /// <summary>Adds the ranges of a gap entry.</summary>
    public bool TryGaps(ref EntryReader reader)
    {
        if (!reader.TryUInt32(out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryGap(out var gap))
            {
                return false;
            }

            Gaps.Add(gap, saved: true);
            Find(gap.Key.Epoch)?.Raise(gap.Key.Stream, gap.Range.To);
        }

        return true;
    }

    /// <summary>Takes over the checkpoints of an entry.</summary>
    public bool TryCheckpoints(ref EntryReader reader)
    {
        if (!reader.TryUInt32(out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryCheckpoint(out var key, out var value))
            {
                return false;
            }

            Set(key, value);
        }

        return true;
    }

    private bool TryEpochs(ref EntryReader reader)
    {
        if (!reader.TryUInt32(out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryEpoch(out var id) || !reader.TryUInt64(out var number) || !reader.TryUInt16(out var streams))
            {
                return false;
            }

            var last = new List<(uint Stream, ulong Seq)>(streams);
            for (; streams > 0; streams--)
            {
                if (!reader.TryUInt32(out var stream) || !reader.TryUInt64(out var seq))
                {
                    return false;
                }

                last.Add((stream, seq));
            }

            if (!reader.TrySized(out var frame))
            {
                return false;
            }

            var epoch = new SpoolEpoch(id, number, frame.ToArray());
            last.ForEach(item => epoch.Raise(item.Stream, item.Seq));
            Add(epoch);
        }

        return true;
    }
}
