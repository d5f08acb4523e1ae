using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class SessionArgumentsTarget : IFuzzTarget
{
    private static readonly SessionId Id = SessionId.TryRead(Samples.Bytes(16, 0x33), out var id) ? id : default;

    public static string Name => "session-arguments";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ShellArguments.TryDecode(data, out var shell))
        {
            Promise.SameBytes(data, shell.Encode());
        }

        if (PushArguments.TryDecode(data, out var push))
        {
            Promise.SameBytes(data, push.Encode());
        }

        if (PullArguments.TryDecode(data, out var pull))
        {
            Promise.SameBytes(data, pull.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        new ShellArguments(Id, Samples.DeviceHpke.Public, new TerminalSize(80, 24), "xterm").Encode(),
        new PushArguments(Id, Samples.DeviceHpke.Public, "/srv/app", 1 << 20, 0x1a4, new byte[32], ReadOnlyMemory<byte>.Empty).Encode(),
        new PushArguments(Id, Samples.DeviceHpke.Public, "/srv/app", 0, 0, new byte[32], null).Encode(),
        new PullArguments(Id, Samples.DeviceHpke.Public, "/srv/app", 0, null, 1 << 20).Encode(),
        new PullArguments(Id, Samples.DeviceHpke.Public, "/srv/app", 5, new byte[32], 1 << 20).Encode(),
    ];
}

internal sealed class SessionMessageTarget : IFuzzTarget
{
    public static string Name => "session-message";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SessionEnd.TryDecode(data, out var end))
        {
            Promise.SameBytes(data, end.Encode());
        }

        if (TerminalSize.TryDecode(data, out var size))
        {
            Promise.SameBytes(data, size.Encode());
        }

        if (FileStart.TryDecode(data, out var start))
        {
            Promise.SameBytes(data, start.Encode());
        }

        if (FileSum.TryDecode(data, out var sha256))
        {
            Promise.SameBytes(data, FileSum.Encode(sha256));
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        new SessionEnd(SessionEndReason.Done, 3, "ended ✓").Encode(), new SessionEnd(SessionEndReason.Idle, null, "").Encode(),
        new TerminalSize(100, 30).Encode(), new FileStart(5000, 1000, 0x1a4).Encode(), FileSum.Encode(new byte[32]),
    ];
}

internal sealed class SessionAcceptTarget : IFuzzTarget
{
    private static readonly byte[] Arguments = [0x80];

    public static string Name => "session-accept";

    public static void Fuzz(ReadOnlySpan<byte> data) => SessionAccept.TryVerify(data, Samples.Command.Id, Samples.DeviceId, Arguments, out _);

    public static IEnumerable<byte[]> Seeds() =>
    [
        SessionAccept.Sign(
            Samples.Device,
            new IdentityOrigin(Samples.Device.Public.Point.ToArray(), []),
            SessionAccept.EncodePayload(Samples.Command.Id, Samples.DeviceId, Arguments, Samples.DeviceHpke.Public)),
    ];
}

/// <summary>What somebody with the keys may send: the content of a packet is parsed only when it opens.</summary>
internal sealed class SessionPacketTarget : IFuzzTarget
{
    public static string Name => "session-packet";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        using var other = HpkeKeyPair.FromScalar(Samples.Scalar(6));
        var keys = SessionKeys.Derive(other, Samples.DeviceHpke.Public, "accept"u8);
        var sealedAgain = keys.Up.Seal(1, data);
        using var link = new SessionLink(keys, isDevice: false, SessionLink.FirstWindow, 0);
        link.Receive(data, 0, out _);
        var verdict = link.Receive(sealedAgain, 0, out var message);
        Promise.Holds(verdict != SessionVerdict.NotAuthentic && (message is null || verdict == SessionVerdict.Message), "What opens is judged by its content.");
    }

    public static IEnumerable<byte[]> Seeds() => [[0x84, 0x00, 0x19, 0x10, 0x00, 0xf4, 0xf6], [0x84, 0x00, 0x00, 0xf5, 0x83, 0x01, 0x00, 0x41, 0x61]];
}
