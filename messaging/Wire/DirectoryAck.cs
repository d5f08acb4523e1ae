using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>The relay's confirmation that it applied an update: [1, version, kind].</summary>
/// <param name="Version">The update's version.</param>
/// <param name="Kind">The update's kind.</param>
public sealed record DirectoryAck(ulong Version, DirectoryUpdateKind Kind)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (ack, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteUInt64(ack.Version);
        writer.WriteUInt64((ulong)ack.Kind);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out DirectoryAck? ack)
    {
        ack = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !reader.TryReadUInt64(out var version)
            || !reader.TryReadInt32(out var kind, (int)DirectoryUpdateKind.SnapshotEnd)
            || !reader.AtEnd)
        {
            return false;
        }

        ack = new DirectoryAck(version, (DirectoryUpdateKind)kind);
        return true;
    }
}
