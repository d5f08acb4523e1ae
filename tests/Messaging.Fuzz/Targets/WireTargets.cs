using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class CborTarget : IFuzzTarget
{
    public static string Name => "cbor";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (!CborReader.IsWellFormed(data))
        {
            return;
        }

        var copy = new byte[data.Length];
        var writer = new CborWriter(copy);
        var reader = new CborReader(data);
        CborCopy.Item(ref reader, ref writer);
        Promise.SameBytes(data, copy.AsSpan(0, writer.Written));
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Roster.Principals.Count > 0 ? Samples.Record() : [], [0x80], [0xa2, 0x01, 0x26, 0x04, 0x41, 0x00]];
}

internal sealed class FrameTarget : IFuzzTarget
{
    public static string Name => "frame";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Frame.TryRead(data, out var frame))
        {
            Promise.Holds(frame.Kind is FrameKind.EpochOpen or FrameKind.Record or FrameKind.Session, "A frame has a kind.");
            Promise.Holds(CborReader.IsWellFormed(data), "A frame is well-formed CBOR.");
            Promise.Holds((frame.Seq == 0) == (frame.Kind != FrameKind.Record), "A record's sequence numbers start at 1.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Record(), Samples.Sender.OpenFrame.ToArray(), Frame.WriteSession(Samples.DeviceId, SessionId.Generate(), [1, 2, 3])];
}

internal sealed class CoseSign1Target : IFuzzTarget
{
    public static string Name => "cose-sign1";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var strict = CoseSign1Reader.TryRead(data, out var message);
        Promise.Holds(!strict || CoseSign1Reader.TryReadForeign(data, out _), "The profile's form is a COSE_Sign1.");
        if (strict)
        {
            Promise.SameBytes(data, CoseSign1Writer.Assemble(message.Payload, message.Signature));
        }
    }

    public static IEnumerable<byte[]> Seeds() => [CoseSign1Writer.Sign(Samples.Device, "label"u8, "payload"u8)];
}

internal sealed class RelayHelloTarget : IFuzzTarget
{
    public static string Name => "relay-hello";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (RelayHello.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new RelayHello(Samples.DeviceId, Samples.Bytes(16, 1)).Encode()];
}

internal sealed class RelayChallengeTarget : IFuzzTarget
{
    public static string Name => "relay-challenge";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (RelayChallenge.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new RelayChallenge(Samples.Bytes(32, 1), Samples.Bytes(32, 2)).Encode(), new RelayChallenge(Samples.Bytes(32, 1), null).Encode()];
}

internal sealed class RelayResponseTarget : IFuzzTarget
{
    private static readonly RelayHello Hello = new(Samples.DeviceId, Samples.Bytes(16, 1));
    private static readonly RelayChallenge Challenge = new(Samples.Bytes(32, 1), null);

    public static string Name => "relay-response";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        RelayAuthentication.ReadControlKey(data);
        RelayAuthentication.VerifyResponse(data, Samples.Device.Public, Hello, Challenge);
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        RelayCredentials.CreateResponse(Samples.Device, Hello, Challenge),
        RelayCredentials.CreateControlResponse(Samples.Device, Hello, Challenge),
    ];
}

internal sealed class RelayTokenTarget : IFuzzTarget
{
    public static string Name => "relay-token";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (RelayToken.TryParse(System.Text.Encoding.Latin1.GetString(data), out var token))
        {
            token.Verify(Samples.Device.Public);
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [System.Text.Encoding.ASCII.GetBytes(RelayCredentials.CreateToken(Samples.Device, Samples.DeviceId, DateTimeOffset.UnixEpoch, null))];
}

internal sealed class DirectoryUpdateTarget : IFuzzTarget
{
    public static string Name => "directory-update";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (DirectoryUpdate.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        new DirectoryUpdate(
            5, DirectoryUpdateKind.Delta,
            [new DirectoryEntry(Samples.DeviceId, Samples.Device.Public.Point.ToArray(), DirectoryStatus.Revoked, [Samples.ServerId])]).Encode(),
    ];
}

internal sealed class DirectoryAckTarget : IFuzzTarget
{
    public static string Name => "directory-ack";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (DirectoryAck.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new DirectoryAck(5, DirectoryUpdateKind.SnapshotEnd).Encode()];
}

internal sealed class PresenceEventTarget : IFuzzTarget
{
    public static string Name => "presence-event";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (PresenceEvent.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new PresenceEvent(true, 5, 1_795_000_000_000, "mqtt5+tls").Encode()];
}

internal sealed class RelayStatsTarget : IFuzzTarget
{
    public static string Name => "relay-stats";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (RelayStats.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new RelayStats([new("refused.auth", 5), new("refused.size", ulong.MaxValue)]).Encode()];
}
