using System.Collections.Concurrent;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.EndToEnd.Harness;
using Messaging.EvilRelay.Harness;
using Messaging.Sessions;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.EvilRelay;

/// <summary>An owner's terminal on the device, with whoever has the relay and the server's keys in between.</summary>
[Collection(EvilFleet.Name)]
public sealed class SessionAttackTests(EvilFleet evil, Thief thief) : IClassFixture<Thief>
{
    [Fact]
    public async Task ManInTheMiddle_WithTheServersKey_IsNotTheDevice()
    {
        await using var typist = new Typist(evil);
        using var middle = HpkeKeyPair.Generate();
        var payload = SessionAccept.EncodePayload(typist.Command.Content.Id, evil.DeviceId, typist.Arguments, middle.Public);
        byte[][] answers =
        [
            SessionAccept.Sign(evil.Stolen.Server, new IdentityOrigin(evil.Stolen.Server.Public.Point.ToArray(), []), payload),
            SessionAccept.Sign(evil.Stolen.Server, new IdentityOrigin(evil.Device.Identity.Point.ToArray(), []), payload),
        ];
        evil.MeddleWith((isDown, publish) => !isDown && IsSession(publish.Payload)
            ? [.. answers.Select((answer, i) => (i == 0 ? publish : publish.AsCopy()) with { Payload = Frame.WriteSession(evil.DeviceId, typist.Id, answer) })]
            : [publish]);
        await typist.Ask();
        await Eventually.Is("the answers come", TimeSpan.FromSeconds(60), () => Task.FromResult(typist.Impostors >= 2 * answers.Length));
        Assert.False(typist.IsOpen);

        // Nor does the device hear whoever made them.
        using var keys = new SessionLink(SessionKeys.Derive(middle, middle.Public, payload), isDevice: false, SessionLink.FirstWindow, 0);
        keys.Send(new SessionMessage(SessionMessageKind.Data, "exit\n"u8.ToArray()));
        var forged = keys.Next(0)!;
        await evil.Refused("session-not-authentic", () => evil.Inject(Frame.WriteSession(evil.Stolen.ServerId, typist.Id, forged)));

        evil.PassOn();
        await typist.WaitUntilOpen();
        typist.Type("echo genuine=$((40+2))");
        await typist.WaitFor("genuine=42");
    }

    [Fact]
    public async Task SwappedKey_InTheCommand_OpensNothing()
    {
        await using var typist = new Typist(evil);
        using var middle = HpkeKeyPair.Generate();
        var bytes = typist.Command.Bytes.ToArray();
        var swapped = new ShellArguments(typist.Id, middle.Public, new TerminalSize(80, 24), "dumb").Encode();
        swapped.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf(typist.Arguments)));
        Assert.True(Command.TryParse(bytes, out var command));

        // The honest server does not pass it on; the thief of its keys does.
        await evil.Refused("command-bad-signature", () => thief.Say(RecordType.Command, command.Bytes.ToArray()));
        Assert.Equal(0, typist.Impostors);
    }

    [Fact]
    public async Task ReplayAndBitFlips_OfWhatIsTyped_AreTypedOnce()
    {
        await using var typist = new Typist(evil);
        evil.PassOn();
        await typist.Ask();
        await typist.WaitUntilOpen();
        var typed = new ConcurrentQueue<byte[]>();
        evil.MeddleWith((isDown, publish) =>
        {
            if (!isDown || !IsSession(publish.Payload))
            {
                return [publish];
            }

            typed.Enqueue(publish.Payload);
            var flipped = publish.AsCopy() with { Payload = Flip(publish.Payload) };
            return [flipped, publish, publish.AsCopy(), flipped];
        });

        await evil.Refused("session-not-authentic", () => evil.Refused("session-replayed", async () =>
        {
            typist.Type("echo ran >> ran-once; wc -l < ran-once; rm ran-once; echo lines=$((40+2))");
            await typist.WaitFor("lines=42");
            typist.Type("echo again=$((40+3))");
            await typist.WaitFor("again=43");
        }));
        // The one is behind the prompt when it was typed before there was any.
        await typist.WaitFor("1\r\nlines=42");
        Assert.DoesNotContain(typed, frame => frame.AsSpan().IndexOf("lines"u8) >= 0);

        // Later, in any order. What was flipped before is among them: every frame comes by twice, on its way into the relay and out of it.
        await evil.Refused("session-replayed", () => evil.Inject(typed.Reverse()), times: 2);
        evil.PassOn();
        typist.Type("exit");
    }

    [Fact]
    public async Task MadeUpPackets_ForASessionThatIsNot_AreCounted()
    {
        evil.PassOn();

        await evil.Refused("session-unknown", () => evil.Inject(Frame.WriteSession(evil.Stolen.ServerId, SessionId.Generate(), [2, 1, 2, 3])));
    }

    private static bool IsSession(byte[] frame) => Frame.LooksLikeSession(frame);

    /// <summary>The last bit of the packet's tag.</summary>
    private static byte[] Flip(byte[] frame)
    {
        var flipped = (byte[])frame.Clone();
        flipped[^1] ^= 1;
        return flipped;
    }
}
