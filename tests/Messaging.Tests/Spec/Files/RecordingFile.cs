using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class RecordingFile : VectorDocument
{
    private const long Started = 1_795_000_000_000;
    private static readonly byte[] Label = "messaging/1/recording"u8.ToArray();
    private static readonly byte[] Secret = Samples.Bytes(32, 0x55);
    private static readonly byte[][] Contents = [[.. "{\"version\": 2}\n"u8], [.. "[0.5, \"o\", \"$ \"]\n"u8], []];

    public override string Name => "recording.json";

    public override JsonObject Build()
    {
        var payload = Payload();
        var key = new byte[RecordingFormat.KeyBytes];
        RecordingFormat.DeriveChunkKey(Secret, payload, key);
        return new JsonObject
        {
            ["description"] = "Recordings by the key device, sealed to the keys server-hpke and server-2-hpke with the ephemeral keys ephemeral and ephemeral-2.",
            ["command"] = Samples.Command.Id.ToString(),
            ["device"] = Samples.DeviceId.ToString(),
            ["started"] = Started,
            ["secret"] = Hex(Secret),
            ["payload"] = Hex(payload),
            ["key"] = Hex(key),
            ["contents"] = new JsonArray([.. Contents.Select(static one => (JsonNode)Hex(one))]),
            ["recordings"] = Array([
                Recording("whole", Whole(), RecordingVerdict.Complete, 3),
                Recording("cut off after its second chunk", Join(Frames(payload)[..3]), RecordingVerdict.BrokenOff, 2),
                Recording("a head alone", Join(Frames(payload)[..1]), RecordingVerdict.BrokenOff, 0),
            ]),
            ["refused"] = Array(Refused().Select(static one => Recording(one.Why, one.Bytes, one.Verdict, null))),
        };
    }

    public override void Verify(JsonElement file)
    {
        foreach (var name in new[] { "server-hpke", "server-2-hpke" })
        {
            foreach (var one in Each(file, "recordings").Concat(Each(file, "refused")))
            {
                var (verdict, contents) = Read(Bytes(one, "recording"), name);
                Assert.Equal($"{Why(one)}: {one.GetProperty("verdict").GetString()}", $"{Why(one)}: {verdict}");
                if (one.TryGetProperty("chunks", out var chunks))
                {
                    Assert.Equal(Each(file, "contents").Take(chunks.GetInt32()).Select(static hex => hex.GetString()), contents.Select(static content => Hex(content)));
                }
            }
        }

        Assert.Equal(RecordingVerdict.OtherRecipient, Read(Whole(), "device-hpke").Verdict);
    }

    private static byte[] Whole() => Join(Frames(Payload()));

    private static byte[] Payload()
    {
        var keys = new List<RecordingHead.SealedKey>();
        foreach (var (recipient, ephemeral) in new[] { ("server-hpke", "ephemeral"), ("server-2-hpke", "ephemeral-2") })
        {
            using var to = Maker.Hpke(recipient);
            using var by = Maker.Hpke(ephemeral);
            keys.Add(RecordingHead.Seal(by, to.Public, Samples.DeviceId, Samples.Command.Id, Secret));
        }

        return RecordingHead.EncodePayload(Samples.DeviceId, Samples.Command.Id, Started, keys);
    }

    /// <summary>The head, and each chunk.</summary>
    private static byte[][] Frames(byte[] payload, string signer = "device", byte[]? label = null, byte[]? secret = null)
    {
        var origin = new IdentityOrigin(Maker.Identity("device").Point.ToArray(), []);
        using var sealer = new RecordingSealer(secret ?? Secret, payload, origin.Attach(Maker.Sign(signer, label ?? Label, payload)));
        return [sealer.Head.ToArray(), sealer.Seal(Contents[0], false), sealer.Seal(Contents[1], false), sealer.Seal(Contents[2], true)];
    }

    private static byte[] Join(IEnumerable<byte[]> frames) => [.. frames.SelectMany(static one => one)];

    /// <summary>The frames with checks that are right for this order: only the seal tells.</summary>
    private static byte[] Checked(params byte[][] frames)
    {
        var all = new List<byte>();
        foreach (var frame in frames)
        {
            all.AddRange(frame[..^RecordingFormat.CheckBytes]);
            all.AddRange(System.Security.Cryptography.SHA256.HashData(all.ToArray())[..RecordingFormat.CheckBytes]);
        }

        return [.. all];
    }

    private static IEnumerable<(string Why, byte[] Bytes, RecordingVerdict Verdict)> Refused()
    {
        var payload = Payload();
        var f = Frames(payload);
        var whole = Join(f);
        yield return ("nothing", [], RecordingVerdict.NotARecording);
        yield return ("another beginning", Maker.Flipped(whole, 0), RecordingVerdict.NotARecording);
        yield return ("a head that is cut off", whole[..(f[0].Length - 1)], RecordingVerdict.NotARecording);
        yield return ("a head of more than 65536 bytes", Maker.Changed(whole, 10, 1), RecordingVerdict.NotARecording);
        yield return ("a chunk where the head should be", [.. f[0][..8], .. f[1]], RecordingVerdict.NotARecording);
        yield return ("the server signed it", Join(Frames(payload, signer: "server")), RecordingVerdict.NotSigned);
        yield return ("signed as a command", Join(Frames(payload, label: "messaging/1/command"u8.ToArray())), RecordingVerdict.NotSigned);
        yield return ("another device in it", Join(Frames(Maker.Flipped(payload, 3))), RecordingVerdict.NotSigned);
        yield return ("another command in it", Join(Frames(Maker.Flipped(payload, 20))), RecordingVerdict.OtherRecipient);
        yield return ("for nobody", Join(Frames(RecordingHead.EncodePayload(Samples.DeviceId, Samples.Command.Id, Started, []))), RecordingVerdict.NotSigned);
        yield return ("a bit of a chunk changed", Maker.Flipped(whole, f[0].Length + 9), RecordingVerdict.Damaged);
        yield return ("a bit of a chunk changed, with the right checks", Checked(f[0], Maker.Flipped(f[1], 9), f[2], f[3]), RecordingVerdict.Damaged);
        yield return ("a check changed", Maker.Flipped(whole, f[0].Length + f[1].Length - 1), RecordingVerdict.Damaged);
        yield return ("cut off in a chunk", whole[..^1], RecordingVerdict.Damaged);
        yield return ("cut off in the front of a chunk", whole[..(f[0].Length + 3)], RecordingVerdict.Damaged);
        yield return ("two chunks in another order", Join([f[0], f[2], f[1], f[3]]), RecordingVerdict.Damaged);
        yield return ("two chunks in another order, with the right checks", Checked(f[0], f[2], f[1], f[3]), RecordingVerdict.Damaged);
        yield return ("a chunk left out, with the right checks", Checked(f[0], f[2], f[3]), RecordingVerdict.Damaged);
        yield return ("a chunk twice, with the right checks", Checked(f[0], f[1], f[1], f[2], f[3]), RecordingVerdict.Damaged);
        yield return ("a chunk as the last, with the right checks", Checked(f[0], f[1], Maker.Changed(f[2], 0, 2)), RecordingVerdict.Damaged);
        yield return ("the last chunk as another, with the right checks", Checked(f[0], f[1], f[2], Maker.Changed(f[3], 0, 1)), RecordingVerdict.Damaged);
        yield return ("a byte behind the last chunk", [.. whole, 0], RecordingVerdict.Damaged);
        yield return ("a chunk behind the last chunk, with the right checks", Checked([.. f, f[1]]), RecordingVerdict.Damaged);
        yield return ("a chunk of another recording, with the right checks", Checked(f[0], f[1], Frames(payload, secret: Samples.Bytes(32, 0x56))[2], f[3]), RecordingVerdict.Damaged);
        yield return ("a chunk of more than 65552 bytes", Maker.Changed(whole, f[0].Length + 2, 1), RecordingVerdict.Damaged);
        yield return ("an unknown kind", Maker.Changed(whole, f[0].Length, 3), RecordingVerdict.Damaged);
    }

    private static JsonObject Recording(string why, byte[] bytes, RecordingVerdict verdict, int? chunks)
    {
        var one = new JsonObject { ["why"] = why, ["verdict"] = verdict.ToString(), ["recording"] = Hex(bytes) };
        if (chunks is not null)
        {
            one["chunks"] = chunks;
        }

        return one;
    }

    private static (RecordingVerdict Verdict, List<byte[]> Contents) Read(byte[] bytes, string keyName)
    {
        using var key = Maker.Hpke(keyName);
        var contents = new List<byte[]>();
        var verdict = RecordingReader.Begin(
            (offset, buffer) =>
            {
                var count = (int)Math.Min(buffer.Length, bytes.Length - offset);
                bytes.AsSpan((int)offset, count).CopyTo(buffer);
                return count;
            },
            key,
            out var reader);
        using (reader)
        {
            while (verdict == RecordingVerdict.Content)
            {
                verdict = reader.Next(out var content);
                if (verdict == RecordingVerdict.Content)
                {
                    contents.Add(content);
                }
            }
        }

        return (verdict, contents);
    }
}
