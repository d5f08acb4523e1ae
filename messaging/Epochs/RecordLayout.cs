using System.Buffers.Binary;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>The bytes around a record's ciphertext.</summary>
internal static class RecordLayout
{
    /// <summary>Enough for the Enc_structure: 1 + 9 + 14 + 2 + (1 + 12 + 17 + 17 + 3 + 3 + 9) bytes.</summary>
    public const int MaxAadBytes = 96;

    private const int ProtectedBytes = Frame.RecordProtectedBytes;

    /// <summary>["Encrypt0", protected, ["messaging/1", senderId, epochId, streamId, type, seq] as bytes] (RFC 9052, section 5.3).</summary>
    public static int WriteAad(
        Span<byte> destination, PrincipalId senderId, EpochId epochId, uint streamId, uint type, ulong seq)
    {
        Span<byte> external = stackalloc byte[64];
        var inner = new CborWriter(external);
        inner.WriteArrayHead(6);
        inner.WriteUtf8(EpochLabels.Aad);
        inner.WritePrincipalId(senderId);
        inner.WriteEpochId(epochId);
        inner.WriteUInt64(streamId);
        inner.WriteUInt64(type);
        inner.WriteUInt64(seq);

        var writer = new CborWriter(destination);
        writer.WriteArrayHead(3);
        writer.WriteUtf8("Encrypt0"u8);
        WriteProtected(ref writer, epochId.Kid);
        writer.WriteBytes(external[..inner.Written]);
        return writer.Written;
    }

    public static int FrameSize(uint streamId, uint type, ulong seq, int plaintextBytes) =>
        2 + CborWriter.StringSize(PrincipalId.Size) + CborWriter.HeadSize(streamId) + CborWriter.HeadSize(type)
        + CborWriter.StringSize(BodySize(seq, plaintextBytes));

    /// <summary>Writes the whole frame but its ciphertext, and gives the place of that.</summary>
    public static Span<byte> WriteFrame(
        Span<byte> destination, PrincipalId senderId, Kid kid, uint streamId, uint type, ulong seq, int plaintextBytes)
    {
        var writer = new CborWriter(destination);
        writer.WriteArrayHead(5);
        writer.WriteUInt64((ulong)FrameKind.Record);
        writer.WritePrincipalId(senderId);
        writer.WriteUInt64(streamId);
        writer.WriteUInt64(type);
        var body = new CborWriter(writer.WriteBytesInPlace(BodySize(seq, plaintextBytes)));
        body.WriteArrayHead(3);
        WriteProtected(ref body, kid);
        body.WriteMapHead(1);
        body.WriteUInt64(6);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, seq);
        body.WriteBytes(bytes[^SeqSize(seq)..]);
        return body.WriteBytesInPlace(plaintextBytes + WireLimits.TagBytes);
    }

    private static int BodySize(ulong seq, int plaintextBytes) =>
        1 + CborWriter.StringSize(ProtectedBytes) + 2 + CborWriter.StringSize(SeqSize(seq))
        + CborWriter.StringSize(plaintextBytes + WireLimits.TagBytes);

    private static int SeqSize(ulong seq) => sizeof(ulong) - (System.Numerics.BitOperations.LeadingZeroCount(seq) / 8);

    private static void WriteProtected(ref CborWriter writer, Kid kid)
    {
        Span<byte> header = [0xa2, 0x01, 0x03, 0x04, 0x48, 0, 0, 0, 0, 0, 0, 0, 0];
        kid.CopyTo(header[5..]);
        writer.WriteBytes(header);
    }
}
