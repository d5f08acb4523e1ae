using Messaging.Wire;

namespace Messaging.Files;

/// <summary>"What do you have of this file?": [1, transferId]. Answered by a <see cref="FileReceipt"/>.</summary>
/// <param name="Id">Of the transfer.</param>
public readonly record struct FileRequest(TransferId Id)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(Id, static (id, ref writer) =>
    {
        writer.WriteArrayHead(2);
        writer.WriteUInt64(1);
        id.Write(ref writer);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out FileRequest request)
    {
        var reader = new CborReader(data);
        var ok = reader.TryReadArray(2) && reader.TryReadExpected(1);
        ok = TransferId.TryRead(ref reader, out var id) && ok && reader.AtEnd;
        request = ok ? new FileRequest(id) : default;
        return ok;
    }
}
