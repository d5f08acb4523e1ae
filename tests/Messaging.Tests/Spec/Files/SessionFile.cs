using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Fuzz;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class SessionFile : VectorDocument
{
    private static readonly byte[] Label = "messaging/1/session-accept"u8.ToArray();
    private static readonly byte[] Arguments = MakeArguments();

    public override string Name => "session.json";

    public override JsonObject Build()
    {
        var payload = Payload();
        return new JsonObject
        {
            ["description"] = "A shell that the command opens on the device. The client's key is ephemeral, the device's ephemeral-2; keys: up, then down, each key and base nonce.",
            ["command"] = Samples.Command.Id.ToString(),
            ["device"] = Samples.DeviceId.ToString(),
            ["session"] = Id().ToString(),
            ["columns"] = 80,
            ["rows"] = 24,
            ["terminal"] = "xterm-256color",
            ["arguments"] = Hex(Arguments),
            ["payload"] = Hex(payload),
            ["keys"] = Hex(Keys(payload)),
            ["accepts"] = Array([
                Accept("the first identity key", Packet(payload, "device", [])),
                Accept("after a change of keys", Packet(payload, "device-next", [Update("device", "device-next", 2)])),
            ]),
            ["refusedAccepts"] = Array(RefusedAccepts(payload).Select(static one => new JsonObject { ["why"] = one.Why, ["packet"] = Hex(one.Packet) })),
            ["packets"] = Packets(payload),
            ["refusedPackets"] = Array(RefusedPackets(payload).Select(static one => new JsonObject { ["why"] = one.Why, ["packet"] = Hex(one.Packet) })),
            ["files"] = Files(),
            ["frame"] = Hex(Frame.WriteSession(Samples.DeviceId, Id(), [1, 2, 3])),
        };
    }

    public override void Verify(JsonElement file)
    {
        var arguments = Bytes(file, "arguments");
        Assert.True(ShellArguments.TryDecode(arguments, out var shell));
        Assert.Equal((80, 24, "xterm-256color"), (shell.Size.Columns, shell.Size.Rows, shell.Terminal));
        foreach (var one in Each(file, "accepts"))
        {
            Assert.True(SessionAccept.TryVerify(Bytes(one, "packet"), Samples.Command.Id, Samples.DeviceId, arguments, out var accept), Why(one));
            Assert.Equal(Bytes(file, "payload"), accept.Payload.ToArray());
        }

        foreach (var one in Each(file, "refusedAccepts"))
        {
            Assert.False(SessionAccept.TryVerify(Bytes(one, "packet"), Samples.Command.Id, Samples.DeviceId, arguments, out _), Why(one));
        }

        VerifyFiles(file.GetProperty("files"));
        using var client = Client(Bytes(file, "payload"));
        foreach (var one in Each(file, "refusedPackets"))
        {
            Assert.Contains(client.Receive(Bytes(one, "packet"), 0, out _), new[] { SessionVerdict.Malformed, SessionVerdict.NotAuthentic });
        }

        // What the device confirms was said before.
        client.Send(new SessionMessage(SessionMessageKind.Data, "ls\r"u8.ToArray()));
        client.Send(new SessionMessage(SessionMessageKind.Resize, new TerminalSize(100, 30).Encode()));
        foreach (var one in Each(file, "packets").Where(static one => one.GetProperty("isUp").GetBoolean()))
        {
            Assert.Equal(one.GetProperty("verdict").GetString(), client.Receive(Bytes(one, "packet"), 0, out _).ToString());
        }

        Assert.True(Frame.TryRead(Bytes(file, "frame"), out var frame));
        Assert.Equal((FrameKind.Session, Id()), (frame.Kind, frame.SessionId));
    }

    private static SessionId Id() => SessionId.TryRead(Samples.Bytes(16, 0x33), out var id) ? id : default;

    private static byte[] MakeArguments()
    {
        using var client = Maker.Hpke("ephemeral");
        return new ShellArguments(Id(), client.Public, new TerminalSize(80, 24), "xterm-256color").Encode();
    }

    private static JsonObject Files()
    {
        using var client = Maker.Hpke("ephemeral");
        var (path, hash) = ("/srv/app/model.bin", Samples.Bytes(32, 0x44));
        var bare = new PullArguments(Id(), client.Public, path, 0, null, 1).Encode();
        var push = new PushArguments(Id(), client.Public, path, 5_000_000_000, 0x1a4, hash, null).Encode();
        var pull = new PullArguments(Id(), client.Public, path, 1000, hash, 5_000_000_000).Encode();
        return new JsonObject
        {
            ["path"] = path,
            ["size"] = 5_000_000_000,
            ["offset"] = 1000,
            ["mode"] = 0x1a4,
            ["sha256"] = Hex(hash),
            ["push"] = Hex(push),
            ["pushOfWhatIsNew"] = Hex(new PushArguments(Id(), client.Public, path, 5_000_000_000, 0x1a4, hash, ReadOnlyMemory<byte>.Empty).Encode()),
            ["pushInThePlaceOf"] = Hex(new PushArguments(Id(), client.Public, path, 5_000_000_000, 0x1a4, hash, hash).Encode()),
            ["pull"] = Hex(pull),
            ["pullOfAll"] = Hex(new PullArguments(Id(), client.Public, path, 0, null, 5_000_000_000).Encode()),
            ["start"] = Hex(new FileStart(5_000_000_000, 1000, 0x1a4).Encode()),
            ["sum"] = Hex(FileSum.Encode(hash)),
            ["refusedPushes"] = Array([
                Refused("a byte after it", [.. push, 0]),
                Refused("a byte cut off", push[..^1]),
                Refused("another number of fields", Maker.Changed(push, 0, 0x86)),
                Refused("a mode beyond 0777", ModeBeyond(push)),
                Refused("as arguments of pull", pull),
            ]),
            ["refusedPulls"] = Array([
                Refused("a byte after it", [.. pull, 0]),
                Refused("a byte cut off", pull[..^1]),
                Refused("an offset without a hash", Maker.Changed(bare, bare.Length - 3, 1)),
                Refused("as arguments of push", push),
            ]),
            ["refusedStarts"] = Array([
                Refused("more there than there is", Convert.FromHexString("83050600")),
                Refused("a mode beyond 0777", Convert.FromHexString("830500190200")),
                Refused("another number of fields", Convert.FromHexString("820500")),
            ]),
        };
    }

    /// <summary>The mode stands before the hash and the null: its three bytes become 512.</summary>
    private static byte[] ModeBeyond(byte[] push) => Maker.Changed(Maker.Changed(push, push.Length - 37, 2), push.Length - 36, 0);

    private static JsonObject Refused(string why, byte[] bytes) => new() { ["why"] = why, ["bytes"] = Hex(bytes) };

    private static void VerifyFiles(JsonElement files)
    {
        var (path, size, offset, mode, hash) = (
            files.GetProperty("path").GetString(), files.GetProperty("size").GetInt64(), files.GetProperty("offset").GetInt64(), files.GetProperty("mode").GetInt32(), Bytes(files, "sha256"));
        foreach (var (name, expected) in new[] { ("push", null), ("pushOfWhatIsNew", []), ("pushInThePlaceOf", hash) })
        {
            Assert.True(PushArguments.TryDecode(Bytes(files, name), out var push), name);
            Assert.Equal((path, size, mode), (push.Path, push.Size, push.Mode));
            Assert.Equal(hash, push.Sha256.ToArray());
            Assert.Equal(expected, push.Expected?.ToArray());
        }

        foreach (var (name, from, prefix) in new[] { ("pull", offset, hash), ("pullOfAll", 0, null) })
        {
            Assert.True(PullArguments.TryDecode(Bytes(files, name), out var pull), name);
            Assert.Equal((path, from, size), (pull.Path, pull.Offset, pull.Largest));
            Assert.Equal(prefix, pull.Prefix?.ToArray());
        }

        Assert.True(FileStart.TryDecode(Bytes(files, "start"), out var start));
        Assert.Equal((size, offset, mode), (start.Size, start.Offset, start.Mode));
        Assert.True(FileSum.TryDecode(Bytes(files, "sum"), out var sum));
        Assert.Equal(hash, sum);
        Assert.All(Each(files, "refusedPushes"), static one => Assert.False(PushArguments.TryDecode(Bytes(one, "bytes"), out _), Why(one)));
        Assert.All(Each(files, "refusedPulls"), static one => Assert.False(PullArguments.TryDecode(Bytes(one, "bytes"), out _), Why(one)));
        Assert.All(Each(files, "refusedStarts"), static one => Assert.False(FileStart.TryDecode(Bytes(one, "bytes"), out _), Why(one)));
    }

    private static byte[] Payload()
    {
        using var device = Maker.Hpke("ephemeral-2");
        return SessionAccept.EncodePayload(Samples.Command.Id, Samples.DeviceId, Arguments, device.Public);
    }

    private static byte[] Keys(byte[] payload)
    {
        using var device = Maker.Hpke("ephemeral-2");
        using var client = Maker.Hpke("ephemeral");
        var keys = SessionKeys.Expand(device, client.Public, payload);
        Assert.Equal(keys, SessionKeys.Expand(client, device.Public, payload));
        return keys;
    }

    private static SessionLink Client(byte[] payload)
    {
        using var device = Maker.Hpke("ephemeral-2");
        using var client = Maker.Hpke("ephemeral");
        return new SessionLink(SessionKeys.Derive(client, device.Public, payload), isDevice: false, SessionLink.FirstWindow, 0);
    }

    private static byte[] Update(string by, string next, ulong keyNo)
    {
        using var hpke = Maker.Hpke("device-hpke-next");
        var identity = Maker.Identity(next);
        var possession = Maker.SignRaw(next, KeyUpdate.Possession(Samples.DeviceId, keyNo, hpke.Public, identity));
        return Maker.Sign(by, "messaging/1/key-update"u8, KeyUpdate.Payload(new KeyUpdate(Samples.DeviceId, keyNo, hpke.Public, identity), possession));
    }

    private static byte[] Packet(byte[] payload, string signer, byte[][] updates, string first = "device", byte[]? label = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        writer.WriteArrayHead(3);
        writer.WriteBytes(Maker.Sign(signer, label ?? Label, payload));
        writer.WriteBytes(Maker.Identity(first).Point);
        writer.WriteArrayHead(updates.Length);
        foreach (var update in updates)
        {
            writer.WriteBytes(update);
        }

        return [(byte)SessionPacketKind.Accept, .. output.WrittenSpan];
    }

    private static JsonObject Accept(string why, byte[] packet) => new() { ["why"] = why, ["packet"] = Hex(packet) };

    private static IEnumerable<(string Why, byte[] Packet)> RefusedAccepts(byte[] payload)
    {
        var good = Packet(payload, "device", []);
        yield return ("signature changed", Maker.Flipped(good, 2 + payload.Length + 20));
        yield return ("the device's key changed", Maker.Flipped(good, 2 + payload.Length));
        yield return ("a byte after it", [.. good, 0]);
        yield return ("a byte cut off", good[..^1]);
        yield return ("another kind", Maker.Changed(good, 0, 2));
        yield return ("signed by the server", Packet(payload, "server", []));
        yield return ("the server's own id", Packet(payload, "server", [], first: "server"));
        yield return ("signed as a command", Packet(payload, "device", [], label: "messaging/1/command"u8.ToArray()));
        yield return ("another command", Packet(Maker.Flipped(payload, 4), "device", []));
        yield return ("other arguments", Packet(Maker.Flipped(payload, 40), "device", []));
        yield return ("another device in it", Packet(Maker.Flipped(payload, 21), "device", []));
        yield return ("the old key after a change", Packet(payload, "device", [Update("device", "device-next", 2)]));
        yield return ("a change that the old key did not sign", Packet(payload, "server-2", [Update("server-2", "server-2", 2)]));
        yield return ("changes whose numbers do not rise", Packet(payload, "owner", [Update("device", "device-next", 2), Update("device-next", "owner", 2)]));
    }

    private static JsonArray Packets(byte[] payload)
    {
        using var device = Maker.Hpke("ephemeral-2");
        using var client = Maker.Hpke("ephemeral");
        using var up = new SessionLink(SessionKeys.Derive(device, client.Public, payload), isDevice: true, SessionLink.FirstWindow, 0);
        using var down = new SessionLink(SessionKeys.Derive(client, device.Public, payload), isDevice: false, SessionLink.FirstWindow, 0);
        var packets = new JsonArray();
        down.Send(new SessionMessage(SessionMessageKind.Data, "ls\r"u8.ToArray()));
        down.Send(new SessionMessage(SessionMessageKind.Resize, new TerminalSize(100, 30).Encode()));
        packets.Add((JsonNode)Next(down, up, isUp: false));
        packets.Add((JsonNode)Next(down, up, isUp: false));
        up.Send(new SessionMessage(SessionMessageKind.Data, "file ✓\r\n"u8.ToArray()));
        up.Send(new SessionMessage(SessionMessageKind.End, new SessionEnd(SessionEndReason.Done, 3, "ended").Encode()));
        packets.Add((JsonNode)Next(up, down, isUp: true));
        packets.Add((JsonNode)Next(up, down, isUp: true));
        packets.Add((JsonNode)Next(down, up, isUp: false, now: 20));
        return packets;
    }

    private static JsonObject Next(SessionLink from, SessionLink to, bool isUp, long now = 0)
    {
        var packet = from.Next(now)!;
        var plaintext = new byte[packet.Length - SessionCipher.HeaderBytes - WireLimits.TagBytes];
        using var keys = new SessionCipherPair(Keys(Payload()));
        Assert.True(SessionCipher.TryReadNumber(packet, out var number));
        Assert.True((isUp ? keys.Up : keys.Down).TryOpen(number, packet, plaintext));
        var verdict = to.Receive(packet, now, out _);
        return new JsonObject
        {
            ["isUp"] = isUp,
            ["number"] = number,
            ["plaintext"] = Hex(plaintext),
            ["verdict"] = verdict.ToString(),
            ["packet"] = Hex(packet),
        };
    }

    private static IEnumerable<(string Why, byte[] Packet)> RefusedPackets(byte[] payload)
    {
        using var device = Maker.Hpke("ephemeral-2");
        using var client = Maker.Hpke("ephemeral");
        using var up = new SessionLink(SessionKeys.Derive(device, client.Public, payload), isDevice: true, SessionLink.FirstWindow, 0);
        using var down = new SessionLink(SessionKeys.Derive(client, device.Public, payload), isDevice: false, SessionLink.FirstWindow, 0);
        up.Send(new SessionMessage(SessionMessageKind.Data, "hello"u8.ToArray()));
        var good = up.Next(0)!;
        yield return ("ciphertext changed", Maker.Flipped(good, 12));
        yield return ("tag changed", Maker.Flipped(good, -1));
        yield return ("another number", Maker.Flipped(good, 8));
        yield return ("number 0", Maker.Changed(good, 8, 0));
        yield return ("another kind", Maker.Changed(good, 0, 3));
        yield return ("a byte cut off", good[..^1]);
        yield return ("a byte after it", [.. good, 0]);
        yield return ("nothing", []);
        yield return ("a header alone", good[..9]);
        yield return ("one of the other direction", down.Next(0)!);
    }

    /// <summary>Both directions, to look into packets.</summary>
    private sealed class SessionCipherPair(byte[] keys) : IDisposable
    {
        public SessionCipher Up { get; } = new(keys.AsSpan(0, 44));

        public SessionCipher Down { get; } = new(keys.AsSpan(44));

        public void Dispose()
        {
            Up.Dispose();
            Down.Dispose();
        }
    }
}
