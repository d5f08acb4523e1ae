using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>Records of a channel: [1, first, next, [* record]].</summary>
/// <param name="First">Offset of the oldest record that the relay keeps: what is asked for and lies before it is gone.</param>
/// <param name="Next">What to ask for next. The records that are given lie before it, and none between them is missing that is at or after <paramref name="First"/>.</param>
/// <param name="Records">In the order of their offsets, at most <see cref="MaxRecords"/>.</param>
public sealed record ChannelPage(ulong First, ulong Next, IReadOnlyList<ChannelRecord> Records)
{
    /// <summary>Records of one page, at most.</summary>
    public const int MaxRecords = 1000;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (page, ref writer) => page.Write(ref writer));

    /// <summary>Writes the wire form.</summary>
    public void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteUInt64(First);
        writer.WriteUInt64(Next);
        writer.WriteArrayHead(Records.Count, MaxRecords);
        foreach (var record in Records)
        {
            record.Write(ref writer);
        }
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelPage? page)
    {
        var reader = new CborReader(data);
        page = Read(ref reader);
        page = reader.AtEnd ? page : null;
        return page is not null;
    }

    internal static ChannelPage? Read(ref CborReader reader)
    {
        if (!reader.TryReadArray(4)
            || !reader.TryReadExpected(1)
            || !reader.TryReadUInt64(out var first)
            || !reader.TryReadUInt64(out var next)
            || !reader.TryReadArrayHead(out var count, MaxRecords))
        {
            return null;
        }

        var records = new ChannelRecord[count];
        ulong lowest = 0;
        for (var i = 0; i < count; i++)
        {
            if (ChannelRecord.Read(ref reader) is not { } record || record.Offset < lowest || record.Offset >= next)
            {
                return null;
            }

            records[i] = record;
            lowest = record.Offset + 1;
        }

        return new ChannelPage(first, next, records);
    }
}
