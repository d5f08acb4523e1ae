using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Files;

/// <summary>What the server has of a file: [1, transferId, state, reason, [* [from, to]]].</summary>
/// <param name="Id">Of the transfer.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it ended; empty otherwise. At most 64 bytes.</param>
/// <param name="Missing">The first chunks that are not here, as ranges of indexes that ascend and do not touch; at most 64. Only while receiving.</param>
public sealed record FileReceipt(TransferId Id, FileReceiptState State, string Reason, IReadOnlyList<(int From, int To)> Missing)
{
    /// <summary>The most ranges in one receipt.</summary>
    public const int MaxRanges = 64;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (receipt, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        receipt.Id.Write(ref writer);
        writer.WriteUInt64((ulong)receipt.State);
        writer.WriteText(receipt.Reason, FileEnd.MaxReasonBytes);
        writer.WriteArrayHead(receipt.Missing.Count, MaxRanges);
        foreach (var (from, to) in receipt.Missing)
        {
            writer.WriteArrayHead(2);
            writer.WriteUInt64((ulong)from);
            writer.WriteUInt64((ulong)to);
        }
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileReceipt? receipt)
    {
        receipt = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !TransferId.TryRead(ref reader, out var id)
            || !reader.TryReadInt32(out var state, (int)FileReceiptState.Unknown)
            || !reader.TryReadText(out var reason, FileEnd.MaxReasonBytes)
            || !TryReadMissing(ref reader, out var missing)
            || (state != (int)FileReceiptState.Receiving && missing.Length > 0)
            || !reader.AtEnd)
        {
            return false;
        }

        receipt = new FileReceipt(id, (FileReceiptState)state, reason, missing);
        return true;
    }

    private static bool TryReadMissing(ref CborReader reader, out (int From, int To)[] missing)
    {
        missing = [];
        if (!reader.TryReadArrayHead(out var count, MaxRanges))
        {
            return false;
        }

        var ranges = new (int From, int To)[count];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2)
                || !reader.TryReadInt32(out var from, FileChunk.MaxIndex)
                || !reader.TryReadInt32(out var to, FileChunk.MaxIndex)
                || from < next
                || to < from)
            {
                return false;
            }

            ranges[i] = (from, to);

            // Ranges that touch would be one.
            next = to + 2;
        }

        missing = ranges;
        return true;
    }
}
