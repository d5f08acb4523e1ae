using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>A sequence number in a stream: [streamId, seq].</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Seq">The sequence number; 0 where nothing has been sent or received.</param>
public readonly record struct StreamSeq(uint StreamId, ulong Seq)
{
    /// <summary>The most streams in one list.</summary>
    public const int MaxStreams = 64;

    internal static void WriteList(ref CborWriter writer, IReadOnlyList<StreamSeq> list)
    {
        writer.WriteArrayHead(list.Count, MaxStreams);
        foreach (var item in InOrder(list))
        {
            writer.WriteArrayHead(2);
            writer.WriteUInt64(item.StreamId);
            writer.WriteUInt64(item.Seq);
        }
    }

    /// <summary>By stream, ascending. Mostly they are already.</summary>
    internal static StreamSeq[] InOrder(IReadOnlyList<StreamSeq> list)
    {
        var items = new StreamSeq[list.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var at = i;
            for (; at > 0 && items[at - 1].StreamId > list[i].StreamId; at--)
            {
                items[at] = items[at - 1];
            }

            items[at] = list[i];
        }

        return items;
    }

    /// <summary>Stream ids ascend strictly: one order, no duplicates.</summary>
    internal static bool TryReadList(ref CborReader reader, out StreamSeq[] list)
    {
        list = [];
        if (!reader.TryReadArrayHead(out var count, MaxStreams))
        {
            return false;
        }

        var items = new StreamSeq[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2)
                || !reader.TryReadUInt32(out var streamId, WireLimits.MaxStreamId)
                || (i > 0 && streamId <= items[i - 1].StreamId)
                || !reader.TryReadUInt64(out var seq, WireLimits.MaxSeq))
            {
                return false;
            }

            items[i] = new StreamSeq(streamId, seq);
        }

        list = items;
        return true;
    }
}
