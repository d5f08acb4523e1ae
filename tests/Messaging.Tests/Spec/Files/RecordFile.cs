using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Epochs;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class RecordFile : VectorDocument
{
    private static readonly byte[] Secret = Samples.Bytes(32, 0x51);

    public override string Name => "record.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Records of the epoch of epoch-open.json (all fields), in the order in which they were sealed. refused: by a receiver of that epoch, whatever its window says.",
        ["senderId"] = Samples.DeviceId.ToString(),
        ["epochId"] = Samples.Epoch(0x41).ToString(),
        ["epochSecret"] = Hex(Secret),
        ["streams"] = Array(new[] { 1u, 2u, 0xffffu }.Select(static stream => new JsonObject { ["streamId"] = stream, ["keyAndBaseNonce"] = Hex(Keys(stream)) })),
        ["accepted"] = Accepted(),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["error"] = one.Error, ["frame"] = Hex(one.Frame) })),
    };

    public override void Verify(JsonElement file)
    {
        using var sender = Sender();
        Assert.True(EpochReceiver.TryOpen(
            sender.OpenFrame.Span, Maker.Identity("device"), Samples.DeviceId, [Samples.ServerHpke], out var receiver, out _));
        foreach (var one in Each(file, "accepted"))
        {
            var plaintext = new ArrayBufferWriter<byte>();
            Assert.True(Frame.TryRead(Bytes(one, "frame"), out var frame));
            Assert.True(receiver.TryOpen(frame, plaintext, out _));
            Assert.Equal(Bytes(one, "plaintext"), plaintext.WrittenSpan.ToArray());
            Assert.Equal(one.GetProperty("seq").GetString(), frame.Seq.ToString());
            Assert.Equal(one.GetProperty("streamId").GetUInt32(), frame.StreamId);
            Assert.Equal(one.GetProperty("type").GetUInt32(), frame.RecordType);
        }

        foreach (var one in Each(file, "refused"))
        {
            var read = Frame.TryRead(Bytes(one, "frame"), out var frame);
            var error = !read ? "NotAFrame" : receiver.TryOpen(frame, new ArrayBufferWriter<byte>(), out var refused) ? "None" : refused.ToString();
            Assert.Equal(one.GetProperty("error").GetString(), error);
        }

        receiver.Dispose();
    }

    private static EpochSender Sender() => EpochSender.Open(
        Samples.Device, Samples.DeviceId, Samples.EpochParameters, [Samples.ServerHpke.Public], Samples.Epoch(0x41), (byte[])Secret.Clone(),
        static () => Maker.Hpke("ephemeral"));

    private static byte[] Keys(uint streamId)
    {
        byte[] info = [.. "messaging/1/record"u8, (byte)(streamId >> 24), (byte)(streamId >> 16), (byte)(streamId >> 8), (byte)streamId];
        return HKDF.Expand(HashAlgorithmName.SHA256, Secret, 44, info);
    }

    private static JsonArray Accepted()
    {
        using var sender = Sender();
        var records = new JsonArray();
        foreach (var (stream, type, text) in ((uint, uint, string)[])[(1, 1, ""), (1, 1, "hello"), (1, 7, "hello"), (2, 2, "line ✓"), (0xffff, 0xffff, new string('x', 300))])
        {
            var plaintext = Encoding.UTF8.GetBytes(text);
            var output = new ArrayBufferWriter<byte>();
            sender.Seal(stream, type, plaintext, output, out var seq);
            records.Add((JsonNode)Record(stream, type, seq, plaintext, output.WrittenSpan));
        }

        // Sealing 256 records moves the sequence number to two bytes.
        var filler = new ArrayBufferWriter<byte>();
        var last = 0UL;
        while (last < 255)
        {
            sender.Seal(2, 2, [], filler, out last);
        }

        filler.ResetWrittenCount();
        sender.Seal(2, 2, "two bytes of seq"u8, filler, out var wide);
        records.Add((JsonNode)Record(2, 2, wide, "two bytes of seq"u8.ToArray(), filler.WrittenSpan));
        return records;
    }

    private static JsonObject Record(uint stream, uint type, ulong seq, byte[] plaintext, ReadOnlySpan<byte> frame)
    {
        var aad = new byte[RecordLayout.MaxAadBytes];
        var length = RecordLayout.WriteAad(aad, Samples.DeviceId, Samples.Epoch(0x41), stream, type, seq);
        var nonce = Keys(stream)[32..];
        for (var i = 0; i < 8; i++)
        {
            nonce[^(i + 1)] ^= (byte)(seq >> (8 * i));
        }

        return new JsonObject
        {
            ["streamId"] = stream,
            ["type"] = type,
            ["seq"] = seq.ToString(),
            ["plaintext"] = Hex(plaintext),
            ["nonce"] = Hex(nonce),
            ["aad"] = Hex(aad.AsSpan(0, length)),
            ["frame"] = Hex(frame),
        };
    }

    private static IEnumerable<(string Why, string Error, byte[] Frame)> Refused()
    {
        using var sender = Sender();
        var output = new ArrayBufferWriter<byte>();
        sender.Seal(1, 1, "hello"u8, output, out _);

        // 85 02 50 sender(16) 01 01 58 29 83 4d a2 01 03 04 48 kid(8) a1 06 41 01 55 ciphertext(21)
        var good = output.WrittenSpan.ToArray();
        Assert.Equal(good, Body(good, [0x41, 1]));
        yield return ("ciphertext changed", nameof(RecordError.NotAuthentic), Maker.Flipped(good, -20));
        yield return ("tag changed", nameof(RecordError.NotAuthentic), Maker.Flipped(good, -1));
        yield return ("another stream", nameof(RecordError.NotAuthentic), Maker.Changed(good, 19, 2));
        yield return ("another type", nameof(RecordError.NotAuthentic), Maker.Changed(good, 20, 2));
        yield return ("another sequence number", nameof(RecordError.NotAuthentic), Maker.Changed(good, -23, 2));
        yield return ("another sender", nameof(RecordError.WrongEpoch), Maker.Flipped(good, 3));
        yield return ("another epoch", nameof(RecordError.WrongEpoch), Maker.Flipped(good, 30));
        yield return ("sequence number 0", "NotAFrame", Maker.Changed(good, -23, 0));
        yield return ("a byte cut off", "NotAFrame", good[..^1]);
        yield return ("a byte after it", "NotAFrame", [.. good, 0]);
        yield return ("A192GCM", "NotAFrame", Maker.Changed(good, 27, 2));
        yield return ("kind 3", "NotAFrame", Maker.Changed(good, 1, 3));
        yield return ("stream id not in shortest form", "NotAFrame", [.. good[..19], 0x18, 0x01, .. good[20..]]);
        yield return ("stream id 65536", "NotAFrame", [.. good[..19], 0x1a, 0, 1, 0, 0, .. good[20..]]);
        yield return ("empty partial IV", "NotAFrame", Body(good, [0x40]));
        yield return ("partial IV with a leading zero", "NotAFrame", Body(good, [0x42, 0, 1]));
        yield return ("sequence number 2^32 + 1", "NotAFrame", Body(good, [0x45, 1, 0, 0, 0, 1]));
        yield return ("an IV instead of a partial IV", "NotAFrame", Maker.Changed(good, -25, 5));
    }

    /// <summary>The record with another partial IV; the body's length follows.</summary>
    private static byte[] Body(byte[] good, byte[] partialIv)
    {
        byte[] body = [.. good[23..^24], .. partialIv, .. good[^22..]];
        return [.. good[..21], 0x58, (byte)body.Length, .. body];
    }
}
