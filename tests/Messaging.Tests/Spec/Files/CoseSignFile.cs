using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class CoseSignFile : VectorDocument
{
    private const string Label = "messaging/1/example";
    private static readonly string[] Both = ["device", "server"];

    public override string Name => "cose-sign.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Messages by the keys that signedBy names, with the external_aad of the label's bytes. A refused one lacks a good signature of device or of server, or is malformed.",
        ["label"] = Label,
        ["accepted"] = Array(new[] { "", "payload", new string('p', 300) }.Select(static payload =>
        {
            var bytes = Encoding.UTF8.GetBytes(payload);
            return new JsonObject
            {
                ["payload"] = Hex(bytes),
                ["toBeSigned"] = Hex(ToBeSigned(bytes)),
                ["signedBy"] = new JsonArray([.. Both.Select(static name => JsonValue.Create(name))]),
                ["message"] = Hex(Signed(bytes)),
            };
        })),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        var label = Encoding.UTF8.GetBytes(file.GetProperty("label").GetString()!);
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(CoseSignReader.TryRead(Bytes(one, "message"), out var message));
            Assert.Equal(Bytes(one, "payload"), message.Payload.ToArray());
            foreach (var name in one.GetProperty("signedBy").EnumerateArray())
            {
                Assert.True(message.IsSignedBy(Maker.Identity(name.GetString()!), label));
            }
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(
                CoseSignReader.TryRead(Bytes(one, "message"), out var message) && Both.All(IsSignedBy(Bytes(one, "message"), label)), Why(one));
        }
    }

    private static Func<string, bool> IsSignedBy(byte[] data, byte[] label) =>
        name => CoseSignReader.TryRead(data, out var message) && message.IsSignedBy(Maker.Identity(name), label);

    private static byte[] Signed(ReadOnlySpan<byte> payload) => Maker.SignAll(Both, Encoding.UTF8.GetBytes(Label), payload);

    private static byte[] ToBeSigned(byte[] payload)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteText("Signature");
        writer.WriteBytes([]);
        writer.WriteBytes([0xa1, 0x01, 0x26]);
        writer.WriteBytes(Encoding.UTF8.GetBytes(Label));
        writer.WriteBytes(payload);
        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<(string Why, byte[] Message)> Refused()
    {
        // 84 40 a0 47 payload(7) 82, then twice: 83 43 a1 01 26 a1 04 48 kid(8) 58 40 signature(64)
        const int Head = 12;
        const int One = 82;
        var good = Signed("payload"u8);
        var (first, second) = (good[Head..(Head + One)], good[(Head + One)..]);
        yield return ("payload changed", Maker.Flipped(good, 5));
        yield return ("a signature changed", Maker.Flipped(good, -1));
        yield return ("signed by one only", Maker.SignAll(["device"], Encoding.UTF8.GetBytes(Label), "payload"u8));
        yield return ("another label", Maker.SignAll(Both, "messaging/1/other"u8, "payload"u8));
        yield return ("signatures under each other's kid", [.. good[..Head], .. first[..16], .. second[16..], .. second[..16], .. first[16..]]);
        yield return ("signatures not in the order of their kids", [.. good[..Head], .. second, .. first]);
        yield return ("one signature twice", [.. good[..Head], .. first, .. first]);
        yield return ("no signatures", [.. good[..(Head - 1)], 0x80]);
        yield return ("nine signatures", [.. good[..(Head - 1)], 0x89, .. Enumerable.Repeat(first, 9).SelectMany(static one => one)]);
        yield return ("the signature of a COSE_Sign1", [.. good[..(Head + One - 64)], .. Maker.Sign("device", Encoding.UTF8.GetBytes(Label), "payload"u8)[^64..], .. second]);
        yield return ("tag 98 before it", [0xd8, 0x62, .. good]);
        yield return ("a byte after it", [.. good, 0]);
        yield return ("something in the body's protected header", [0x84, 0x41, 0xa0, .. good[2..]]);
        yield return ("something in the body's unprotected header", [0x84, 0x40, 0xa1, 0x01, 0x26, .. good[3..]]);
        yield return ("detached payload", [0x84, 0x40, 0xa0, 0xf6, .. good[11..]]);
        yield return ("no kid", [.. good[..Head], 0x83, 0x43, 0xa1, 0x01, 0x26, 0xa0, .. first[16..], .. second]);
        yield return ("a kid of 7 bytes", [.. good[..Head], .. first[..7], 0x47, .. first[9..], .. second]);
        yield return ("ES384 in a signer's header", [.. good[..Head], 0x83, 0x44, 0xa1, 0x01, 0x38, 0x22, .. first[5..], .. second]);
        yield return ("three fields", [0x83, .. good[1..(Head - 1)]]);
    }
}
