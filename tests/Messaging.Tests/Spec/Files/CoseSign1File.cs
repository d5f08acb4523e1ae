using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class CoseSign1File : VectorDocument
{
    private const string Label = "messaging/1/example";

    public override string Name => "cose-sign1.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Messages by the key device with the external_aad of the label's bytes. Signatures are RFC 6979's, so that they can be made again; a verifier takes any.",
        ["label"] = Label,
        ["accepted"] = Array(new[] { "", "payload", new string('p', 300) }.Select(static payload =>
        {
            var bytes = Encoding.UTF8.GetBytes(payload);
            return new JsonObject { ["payload"] = Hex(bytes), ["toBeSigned"] = Hex(ToBeSigned(bytes)), ["message"] = Hex(Signed(bytes)) };
        })),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        var key = Maker.Identity("device");
        var label = Encoding.UTF8.GetBytes(file.GetProperty("label").GetString()!);
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(CoseSign1Reader.TryRead(Bytes(one, "message"), out var message));
            Assert.True(message.Verify(key, label));
            Assert.True(key.Verify(Bytes(one, "toBeSigned"), message.Signature));
            Assert.Equal(Bytes(one, "payload"), message.Payload.ToArray());
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(CoseSign1Reader.TryRead(Bytes(one, "message"), out var message) && message.Verify(key, label), Why(one));
        }
    }

    private static byte[] Signed(ReadOnlySpan<byte> payload) => Maker.Sign("device", Encoding.UTF8.GetBytes(Label), payload);

    private static byte[] ToBeSigned(byte[] payload)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(4);
        writer.WriteText("Signature1");
        writer.WriteBytes([0xa1, 0x01, 0x26]);
        writer.WriteBytes(Encoding.UTF8.GetBytes(Label));
        writer.WriteBytes(payload);
        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<(string Why, byte[] Message)> Refused()
    {
        // 84 43 a1 01 26 a0 47 payload(7) 58 40 signature(64)
        var good = Signed("payload"u8);
        var signature = good[^64..];
        yield return ("payload changed", Maker.Flipped(good, 7));
        yield return ("signature changed", Maker.Flipped(good, -1));
        yield return ("r and s swapped", [.. good[..^64], .. signature[32..], .. signature[..32]]);
        yield return ("signature of zeros", [.. good[..^64], .. new byte[64]]);
        yield return ("signature in DER", [.. good[..^66], 0x58, 0x46, 0x30, 0x44, 0x02, 0x20, .. signature[..32], 0x02, 0x20, .. signature[32..]]);
        yield return ("signature of 63 bytes", [.. good[..^66], 0x58, 0x3f, .. signature[..63]]);
        yield return ("another label", Maker.Sign("device", "messaging/1/other"u8, "payload"u8));
        yield return ("another key", Maker.Sign("server", Encoding.UTF8.GetBytes(Label), "payload"u8));
        yield return ("tag 18 before it", [0xd2, .. good]);
        yield return ("a byte after it", [.. good, 0]);
        yield return ("ES384 in the protected header", [0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, .. good[5..]]);
        yield return ("empty protected header", [0x84, 0x40, .. good[5..]]);
        yield return ("protected header of an empty map", [0x84, 0x41, 0xa0, .. good[5..]]);
        yield return ("the algorithm in the unprotected header", [0x84, 0x40, 0xa1, 0x01, 0x26, .. good[6..]]);
        yield return ("something in the unprotected header", [.. good[..5], 0xa1, 0x04, 0x41, 0x31, .. good[6..]]);
        yield return ("protected header not in shortest form", [0x84, 0x44, 0xa1, 0x01, 0x38, 0x06, .. good[5..]]);
        yield return ("detached payload", [.. good[..6], 0xf6, .. good[14..]]);
        yield return ("three fields", [0x83, .. good[1..^66]]);
        yield return ("indefinite array", [0x9f, .. good[1..], 0xff]);
    }
}
