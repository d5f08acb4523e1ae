using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Enrolment;

/// <summary>Whether a key update was taken: [1, keyNo, accepted, reason]. Until it was, the device keeps using its old keys.</summary>
/// <param name="KeyNo">The update's number.</param>
/// <param name="Accepted">True if the server now uses the new keys.</param>
/// <param name="Reason">Why not; empty when accepted. At most 256 bytes.</param>
public sealed record KeyUpdateReceipt(ulong KeyNo, bool Accepted, string Reason)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (receipt, ref writer) =>
    {
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteUInt64(receipt.KeyNo);
        writer.WriteBoolean(receipt.Accepted);
        writer.WriteText(receipt.Reason, 256);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out KeyUpdateReceipt? receipt)
    {
        receipt = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadExpected(1)
            || !reader.TryReadUInt64(out var keyNo)
            || !reader.TryReadBoolean(out var accepted)
            || !reader.TryReadText(out var reason, 256)
            || !reader.AtEnd)
        {
            return false;
        }

        receipt = new KeyUpdateReceipt(keyNo, accepted, reason);
        return true;
    }
}
