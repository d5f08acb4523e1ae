using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class EpochOpenFile : VectorDocument
{
    private static readonly byte[] Secret = Samples.Bytes(32, 0x51);
    private static readonly EpochId Id = Samples.Epoch(0x41);

    public override string Name => "epoch-open.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Openings by the key device. senderId, epochId, ...: the fields of the payload. info: of each HPKE seal. Receivers hold server-hpke and know the points of all keys.",
        ["accepted"] = Array([
            Accepted("first epoch, no clock", new EpochParameters(1, Samples.Boot(0x21), 0, null, 0), ["server-hpke"]),
            Accepted("all fields", Samples.EpochParameters, ["server-hpke"]),
            Accepted("nothing was sent in the epoch before", Samples.EpochParameters with { PrevLastSeq = [] }, ["server-hpke"]),
            Accepted("two recipients", Samples.EpochParameters, ["server-hpke", "device-hpke"]),
            Accepted("the largest numbers", new EpochParameters(ulong.MaxValue, Samples.Boot(0xff), ulong.MaxValue, 253_402_300_799_999, ulong.MaxValue, Samples.Epoch(0xff), [new StreamSeq(0xffff, 1UL << 32)]), ["server-hpke"]),
        ]),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["error"] = one.Error.ToString(), ["frame"] = Hex(one.Frame) })),
    };

    public override void Verify(JsonElement file)
    {
        using var server = Maker.Hpke("server-hpke");
        using var device = Maker.Hpke("device-hpke");
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(EpochReceiver.TryOpen(
                Bytes(one, "frame"), Maker.Identity("device"), Samples.DeviceId, [server], out var epoch, out _, [device.Public]), Why(one));
            var said = epoch.Header.Parameters;
            Assert.Equal(one.GetProperty("epochId").GetString(), epoch.Id.ToString());
            Assert.Equal(one.GetProperty("epochNo").GetString(), said.EpochNo.ToString());
            Assert.Equal(one.GetProperty("bootId").GetString(), said.BootId.ToString());
            Assert.Equal(one.GetProperty("uptimeMs").GetString(), said.UptimeMs.ToString());
            Assert.Equal(one.GetProperty("claimedTime").GetString(), said.ClaimedUnixMs?.ToString());
            Assert.Equal(one.GetProperty("noticeNumber").GetString(), said.NoticeNumber.ToString());
            Assert.Equal(one.GetProperty("prevEpochId").GetString(), said.PrevEpochId?.ToString());
            epoch.Dispose();
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(EpochReceiver.TryOpen(
                Bytes(one, "frame"), Maker.Identity("device"), Samples.DeviceId, [server], out _, out var error, [device.Public]), Why(one));
            Assert.Equal(one.GetProperty("error").GetString(), error.ToString());
        }
    }

    private static JsonObject Accepted(string why, EpochParameters parameters, string[] recipients)
    {
        var (payload, info) = Payload(parameters, recipients);
        var signed = Maker.Sign("device", EpochLabels.Open, payload);
        return new JsonObject
        {
            ["why"] = why,
            ["senderId"] = Samples.DeviceId.ToString(),
            ["epochId"] = Id.ToString(),
            ["epochNo"] = parameters.EpochNo.ToString(),
            ["bootId"] = parameters.BootId.ToString(),
            ["uptimeMs"] = parameters.UptimeMs.ToString(),
            ["claimedTime"] = parameters.ClaimedUnixMs?.ToString(),
            ["noticeNumber"] = parameters.NoticeNumber.ToString(),
            ["recipients"] = new JsonArray([.. recipients.Select(static name => JsonValue.Create(name))]),
            ["prevEpochId"] = parameters.PrevEpochId?.ToString(),
            ["prevLastSeq"] = parameters.PrevLastSeq is { } last
                ? Array(last.Select(static item => new JsonObject { ["streamId"] = item.StreamId, ["seq"] = item.Seq.ToString() }))
                : null,
            ["epochSecret"] = Hex(Secret),
            ["info"] = Hex(info),
            ["payload"] = Hex(payload),
            ["frame"] = Hex(EpochOpenWriter.Frame(Samples.DeviceId, signed)),
        };
    }

    private static (byte[] Payload, byte[] Info) Payload(EpochParameters parameters, string[] recipients)
    {
        var keys = recipients.Select(static name =>
        {
            using var pair = Maker.Hpke(name);
            return pair.Public;
        }).ToArray();
        var ephemerals = new Queue<string>(["ephemeral", "ephemeral-2"]);
        var payload = EpochOpenWriter.Payload(Samples.DeviceId, parameters, keys, Id, Secret, () => Maker.Hpke(ephemerals.Dequeue()));

        // 8b, the eight fields, then the head of the recipients.
        var reader = new CborReader(payload);
        reader.TryReadArray(11);
        var start = reader.Position;
        for (var i = 0; i < 8; i++)
        {
            Assert.True(reader.TryReadEncoded(out _));
        }

        return (payload, EpochOpenMessage.SealInfo(payload.AsSpan(start, reader.Position - start), keys));
    }

    private static IEnumerable<(string Why, EpochError Error, byte[] Frame)> Refused()
    {
        var (payload, _) = Payload(Samples.EpochParameters, ["server-hpke"]);
        var good = Frame(payload);
        yield return ("not a frame", EpochError.Malformed, [0x80]);
        yield return ("a byte after it", EpochError.Malformed, [.. good, 0]);
        yield return ("a byte cut off", EpochError.Malformed, good[..^1]);
        yield return ("signature changed", EpochError.BadSignature, Maker.Flipped(good, -1));
        yield return ("signed by another key", EpochError.BadSignature, EpochOpenWriter.Frame(Samples.DeviceId, Maker.Sign("server", EpochLabels.Open, payload)));
        yield return ("signed as a command", EpochError.BadSignature, EpochOpenWriter.Frame(Samples.DeviceId, Maker.Sign("device", "messaging/1/command"u8, payload)));
        yield return ("the frame names another sender", EpochError.WrongSender, EpochOpenWriter.Frame(Samples.ServerId, Maker.Sign("device", EpochLabels.Open, payload)));
        yield return ("the payload names another sender", EpochError.WrongSender, Frame(Maker.Flipped(payload, 3)));
        yield return ("suite 2", EpochError.UnknownSuite, Frame(Maker.Changed(payload, 1, 2)));
        yield return ("another epochNo around the same secret", EpochError.NotSealedForThis, Frame(Maker.Flipped(payload, 2 + 17 + 17)));
        yield return ("ten fields", EpochError.Malformed, Frame([0x8a, .. payload[1..]]));
        yield return ("a byte after the payload", EpochError.Malformed, Frame([.. payload, 0]));
        yield return ("sealed secret changed", EpochError.NotSealedForThis, Frame(Maker.Flipped(payload, IndexOfCiphertext(payload))));
        yield return ("not sealed to the receiver", EpochError.NotARecipient, Frame(Payload(Samples.EpochParameters, ["device-hpke"]).Payload));
        yield return ("a recipient whose key nobody knows", EpochError.UnknownAudience, Frame(Payload(Samples.EpochParameters, ["server-hpke", "device-hpke-next"]).Payload));
        yield return ("no recipients", EpochError.Malformed, Frame(WithRecipients(0)));
        yield return ("a recipient twice", EpochError.Malformed, Frame(WithRecipients(2)));
        yield return ("prevEpochId without prevLastSeq", EpochError.Malformed, Frame([.. payload[..^PreviousBytes(payload)], 0x50, .. Samples.Bytes(16, 0x31), 0xf6]));
        yield return ("prevLastSeq without prevEpochId", EpochError.Malformed, Frame([.. payload[..^PreviousBytes(payload)], 0xf6, 0x80]));
        yield return ("streams that descend in prevLastSeq", EpochError.Malformed, Frame([.. payload[..^PreviousBytes(payload)], 0x50, .. Samples.Bytes(16, 0x31), 0x82, 0x82, 3, 1, 0x82, 1, 12]));
        yield return ("a number above 2^32 in prevLastSeq", EpochError.Malformed, Frame([.. payload[..^PreviousBytes(payload)], 0x50, .. Samples.Bytes(16, 0x31), 0x81, 0x82, 3, 0x1b, 0, 0, 0, 1, 0, 0, 0, 1]));
    }

    private static byte[] Frame(byte[] payload) => EpochOpenWriter.Frame(Samples.DeviceId, Maker.Sign("device", EpochLabels.Open, payload));

    // 50 prevEpochId(16) 82 82 01 0c 82 03 01
    private static int PreviousBytes(byte[] payload) => payload.AsSpan().EndsWith((ReadOnlySpan<byte>)[0x82, 0x82, 1, 12, 0x82, 3, 1]) ? 17 + 7 : throw new InvalidOperationException("The sample epoch has changed.");

    // The ciphertext is the only string of 48 bytes.
    private static int IndexOfCiphertext(byte[] payload) => payload.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x58, 48]) + 2;

    private static byte[] WithRecipients(int count)
    {
        var (payload, _) = Payload(Samples.EpochParameters, ["server-hpke"]);

        // 81 83 48 kid(8) 58 41 enc(65) 58 30 ct(48)
        const int RecipientBytes = 1 + 9 + 67 + 50;
        var start = IndexOfCiphertext(payload) + 48 - RecipientBytes;
        var recipient = payload[start..(start + RecipientBytes)];
        return [.. payload[..(start - 1)], (byte)(0x80 | count), .. Enumerable.Repeat(recipient, count).SelectMany(static one => one), .. payload[(start + RecipientBytes)..]];
    }
}
