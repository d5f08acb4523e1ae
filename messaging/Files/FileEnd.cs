using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Files;

/// <summary>A transfer that its sender ends before the file is whole: [1, transferId, reason].</summary>
/// <param name="Id">Of the transfer.</param>
/// <param name="Reason">A short word: "source-changed", "source-gone". At most 64 bytes.</param>
public sealed record FileEnd(TransferId Id, string Reason)
{
    /// <summary>The longest reason, in bytes.</summary>
    public const int MaxReasonBytes = 64;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (end, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        end.Id.Write(ref writer);
        writer.WriteText(end.Reason, MaxReasonBytes);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileEnd? end)
    {
        end = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !TransferId.TryRead(ref reader, out var id)
            || !reader.TryReadText(out var reason, MaxReasonBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        end = new FileEnd(id, reason);
        return true;
    }
}
