namespace Messaging.Wire;

/// <summary>
/// One MQTT payload: [1, senderId, COSE_Sign1] opens an epoch, [2, senderId, streamId, type, COSE_Encrypt0] is a record,
/// [3, senderId, sessionId, packet] is a part of a session.
/// Everything here is the public header; the spans point into the received bytes. Reading allocates nothing.
/// </summary>
public readonly ref struct Frame
{
    /// <summary>{1: 3, 4: kid}: A256GCM and 8 bytes of key id.</summary>
    internal const int RecordProtectedBytes = 13;

    private Frame(FrameKind kind, PrincipalId senderId, ReadOnlySpan<byte> body)
    {
        Kind = kind;
        SenderId = senderId;
        Body = body;
    }

    /// <summary>What the frame carries.</summary>
    public FrameKind Kind { get; }

    /// <summary>Who says that it sent the frame: proven only by opening it.</summary>
    public PrincipalId SenderId { get; }

    /// <summary>The COSE_Sign1 of an epoch's opening, the COSE_Encrypt0 of a record, or the packet of a session.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>A record's stream; 0 in an epoch's opening.</summary>
    public uint StreamId { get; private init; }

    /// <summary>A record's type; 0 in an epoch's opening.</summary>
    public uint RecordType { get; private init; }

    /// <summary>The first 8 bytes of a record's epoch id; all zero in an epoch's opening.</summary>
    public Kid Kid { get; private init; }

    /// <summary>A record's sequence number in its epoch and stream, from 1; 0 in an epoch's opening.</summary>
    public ulong Seq { get; private init; }

    /// <summary>The session of a packet; empty in other frames.</summary>
    public SessionId SessionId { get; private init; }

    /// <summary>A record's protected header as it was received.</summary>
    internal ReadOnlySpan<byte> Protected { get; private init; }

    /// <summary>A record's ciphertext with its tag.</summary>
    internal ReadOnlySpan<byte> Ciphertext { get; private init; }

    /// <summary>The size of a record's plaintext, in bytes; 0 in an epoch's opening.</summary>
    public int PlaintextBytes => Kind == FrameKind.Record ? Ciphertext.Length - WireLimits.TagBytes : 0;

    /// <summary>Reads the public header. False for anything that is not exactly one frame of at most 256 KiB.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out Frame frame)
    {
        frame = default;
        var reader = new CborReader(data);
        if (data.Length > WireLimits.MaxFrameBytes
            || !reader.TryReadArrayHead(out var count)
            || !reader.TryReadInt32(out var kind)
            || !reader.TryReadPrincipalId(out var senderId))
        {
            return false;
        }

        return (FrameKind)kind switch
        {
            FrameKind.EpochOpen when count == 3 => TryReadEpochOpen(reader, senderId, out frame),
            FrameKind.Record when count == 5 => TryReadRecord(reader, senderId, out frame),
            FrameKind.Session when count == 4 => TryReadSession(reader, senderId, out frame),
            _ => false,
        };
    }

    /// <summary>Whether what comes is a session's packet, if it is a frame: without reading it.</summary>
    public static bool LooksLikeSession(ReadOnlySpan<byte> data) => data.StartsWith((ReadOnlySpan<byte>)[0x84, (byte)FrameKind.Session]);

    /// <summary>Writes a session's packet as a frame.</summary>
    /// <param name="senderId">Who sends it.</param>
    /// <param name="sessionId">Whose session it is.</param>
    /// <param name="packet">1 to 65536 bytes.</param>
    public static byte[] WriteSession(PrincipalId senderId, SessionId sessionId, ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || packet.Length > WireLimits.MaxSessionPacketBytes)
        {
            throw new ArgumentException("A session's packet has 1 to 65536 bytes.", nameof(packet));
        }

        var frame = new byte[2 + CborWriter.StringSize(PrincipalId.Size) + CborWriter.StringSize(SessionId.Size) + CborWriter.StringSize(packet.Length)];
        var writer = new CborWriter(frame);
        writer.WriteArrayHead(4);
        writer.WriteUInt64((ulong)FrameKind.Session);
        writer.WritePrincipalId(senderId);
        Span<byte> id = stackalloc byte[SessionId.Size];
        sessionId.CopyTo(id);
        writer.WriteBytes(id);
        writer.WriteBytes(packet);
        return frame;
    }

    private static bool TryReadSession(CborReader reader, PrincipalId senderId, out Frame frame)
    {
        frame = default;
        if (!reader.TryReadFixedBytes(SessionId.Size, out var id)
            || !SessionId.TryRead(id, out var sessionId)
            || !reader.TryReadBytes(out var packet, WireLimits.MaxSessionPacketBytes)
            || packet.IsEmpty
            || !reader.AtEnd)
        {
            return false;
        }

        frame = new Frame(FrameKind.Session, senderId, packet) { SessionId = sessionId };
        return true;
    }

    private static bool TryReadEpochOpen(CborReader reader, PrincipalId senderId, out Frame frame)
    {
        frame = default;
        if (!reader.TryReadBytes(out var body) || !reader.AtEnd || !CoseSign1Reader.TryRead(body, out _))
        {
            return false;
        }

        frame = new Frame(FrameKind.EpochOpen, senderId, body);
        return true;
    }

    private static bool TryReadRecord(CborReader reader, PrincipalId senderId, out Frame frame)
    {
        frame = default;
        if (!reader.TryReadUInt32(out var streamId, WireLimits.MaxStreamId)
            || !reader.TryReadUInt32(out var type, WireLimits.MaxStreamId)
            || !reader.TryReadBytes(out var body)
            || !reader.AtEnd)
        {
            return false;
        }

        var inner = new CborReader(body);
        if (!inner.TryReadArray(3)
            || !inner.TryReadFixedBytes(RecordProtectedBytes, out var header)
            || !header.StartsWith((ReadOnlySpan<byte>)[0xa2, 0x01, 0x03, 0x04, 0x48])
            || !Kid.TryRead(header[5..], out var kid)
            || !TryReadPartialIv(ref inner, out var seq)
            || !inner.TryReadBytes(out var ciphertext)
            || ciphertext.Length < WireLimits.TagBytes
            || !inner.AtEnd)
        {
            return false;
        }

        frame = new Frame(FrameKind.Record, senderId, body)
        {
            StreamId = streamId,
            RecordType = type,
            Kid = kid,
            Seq = seq,
            Protected = header,
            Ciphertext = ciphertext,
        };
        return true;
    }

    /// <summary>{6: seq}: the partial IV of RFC 9052, section 3.1, without leading zero bytes.</summary>
    private static bool TryReadPartialIv(ref CborReader reader, out ulong seq)
    {
        seq = 0;
        var previous = -1;
        if (!reader.TryReadMapHead(out var count)
            || count != 1
            || !reader.TryReadMapKey(ref previous, out var key)
            || key != 6
            || !reader.TryReadBytes(out var bytes, 5)
            || bytes.IsEmpty
            || bytes[0] == 0)
        {
            return false;
        }

        foreach (var value in bytes)
        {
            seq = (seq << 8) | value;
        }

        return seq <= WireLimits.MaxSeq;
    }
}
