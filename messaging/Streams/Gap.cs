using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>Records that will never come: [1, epochId, streamId, fromSeq, toSeq, reason].</summary>
/// <param name="EpochId">The epoch of the lost records: one of the same sender, not always the one that carries this message.</param>
/// <param name="StreamId">The stream of the lost records.</param>
/// <param name="FromSeq">The first lost sequence number, from 1.</param>
/// <param name="ToSeq">The last lost sequence number.</param>
/// <param name="Reason">A short word: "quota", "damaged". At most 64 bytes.</param>
public sealed record Gap(EpochId EpochId, uint StreamId, ulong FromSeq, ulong ToSeq, string Reason)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (gap, ref writer) =>
    {
        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        writer.WriteEpochId(gap.EpochId);
        writer.WriteUInt64(gap.StreamId);
        writer.WriteUInt64(gap.FromSeq);
        writer.WriteUInt64(gap.ToSeq);
        writer.WriteText(gap.Reason, 64);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out Gap? gap)
    {
        gap = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !reader.TryReadEpochId(out var epochId)
            || !reader.TryReadUInt32(out var streamId, WireLimits.MaxStreamId)
            || !reader.TryReadUInt64(out var from, WireLimits.MaxSeq)
            || !reader.TryReadUInt64(out var to, WireLimits.MaxSeq)
            || from == 0
            || to < from
            || !reader.TryReadText(out var reason, 64)
            || !reader.AtEnd)
        {
            return false;
        }

        gap = new Gap(epochId, streamId, from, to, reason);
        return true;
    }
}
