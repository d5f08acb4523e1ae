using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Tests.Recordings;

public sealed class RecordingTests
{
    private static readonly CommandId Command = CommandId.Generate();
    private readonly IdentityKey _device = IdentityKey.Generate();
    private readonly HpkeKeyPair _auditor = HpkeKeyPair.Generate();
    private readonly HpkeKeyPair _other = HpkeKeyPair.Generate();

    private PrincipalId DeviceId => PrincipalId.FromIdentityKey(_device.Public);

    [Fact]
    public void Read_ByEachRecipient_GivesWhatWasSealed()
    {
        var content = RandomNumberGenerator.GetBytes(RecordingFormat.MaxChunkBytes);
        using var sealer = Begin();
        var file = Join(sealer.Head.ToArray(), sealer.Seal(content, false), sealer.Seal([1, 2, 3], true));

        foreach (var key in new[] { _auditor, _other })
        {
            Assert.Equal(RecordingVerdict.Content, RecordingReader.Begin(Reading(file), key, out var reader));
            using (reader)
            {
                Assert.Equal((DeviceId, Command, 1_795_000_000_000), (reader.Head!.Device, reader.Head.Command, reader.Head.StartedUnixMs));
                Assert.Equal([_auditor.Kid, _other.Kid], reader.Head.Recipients);
                Assert.Equal(RecordingVerdict.Content, reader.Next(out var first));
                Assert.Equal(content, first);
                Assert.Equal(RecordingVerdict.Content, reader.Next(out var second));
                Assert.Equal([1, 2, 3], second);
                Assert.Equal(RecordingVerdict.Complete, reader.Next(out _));
                Assert.Equal(SHA256.HashData(file), reader.Sha256.ToArray());
                Assert.Equal(sealer.Sha256(), reader.Sha256.ToArray());
                Assert.Equal((file.Length, file.Length), ((int)reader.Length, (int)sealer.Length));
            }
        }
    }

    [Fact]
    public void Begin_WithAnotherKey_SaysSo()
    {
        using var stranger = HpkeKeyPair.Generate();
        using var sealer = Begin();

        Assert.Equal(RecordingVerdict.OtherRecipient, RecordingReader.Begin(Reading(sealer.Head.ToArray()), stranger, out var reader));
        Assert.Equal(RecordingVerdict.OtherRecipient, reader.Next(out _));
        reader.Dispose();
    }

    [Fact]
    public void Read_WithAnyBitChangedOrCutAnywhere_NeverGivesACompleteRecording()
    {
        using var sealer = Begin();
        var file = Join(sealer.Head.ToArray(), sealer.Seal("[1,\"o\",\"a\"]"u8, false), sealer.Seal("[2,\"o\",\"b\"]"u8, false), sealer.Seal([], true));

        for (var at = sealer.Head.Length; at < file.Length; at++)
        {
            var changed = file.ToArray();
            changed[at] ^= 0x10;
            Assert.Equal(RecordingVerdict.Damaged, Verdict(changed));
            Assert.Contains(Verdict(file[..at]), new[] { RecordingVerdict.Damaged, RecordingVerdict.BrokenOff });
        }

        for (var at = 0; at < sealer.Head.Length; at++)
        {
            var changed = file.ToArray();
            changed[at] ^= 0x10;
            Assert.Equal(RecordingVerdict.NotARecording, Verdict(changed));
            Assert.Equal(RecordingVerdict.NotARecording, Verdict(file[..at]));
        }
    }

    [Fact]
    public void Next_OfFrames_StopsBehindTheLastWholeOne()
    {
        using var sealer = Begin();
        var whole = Join(sealer.Head.ToArray(), sealer.Seal([1], false), sealer.Seal([2], false));
        var torn = Join(whole, sealer.Seal([3], false)[..^4], new byte[100]);

        using var frames = new RecordingFrames(Reading(torn));
        var kinds = new List<RecordingFrame>();
        do
        {
            kinds.Add(frames.Next(out _));
        }
        while (kinds[^1] is RecordingFrame.Head or RecordingFrame.Chunk);

        Assert.Equal([RecordingFrame.Head, RecordingFrame.Chunk, RecordingFrame.Chunk, RecordingFrame.Damaged], kinds);
        Assert.Equal(whole.Length, frames.Length);
        Assert.Equal(SHA256.HashData(whole), frames.Sha256.ToArray());
    }

    [Fact]
    public void Seal_AfterTheEndOrTooMuch_IsRefused()
    {
        using var sealer = Begin();

        Assert.Throws<InvalidOperationException>(() => sealer.Seal(new byte[RecordingFormat.MaxChunkBytes + 1], false));
        sealer.Seal([], true);
        Assert.Throws<InvalidOperationException>(() => sealer.Seal([], false));
    }

    private static ReadRecording Reading(byte[] file) => (offset, buffer) =>
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, file.Length - offset));
        file.AsSpan((int)Math.Min(offset, file.Length), count).CopyTo(buffer);
        return count;
    };

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(static one => one)];

    private RecordingSealer Begin() => RecordingSealer.Begin(
        _device, new IdentityOrigin(_device.Public.Point.ToArray(), []), DeviceId, Command, 1_795_000_000_000, [_auditor.Public, _other.Public]);

    private RecordingVerdict Verdict(byte[] file)
    {
        var verdict = RecordingReader.Begin(Reading(file), _auditor, out var reader);
        using (reader)
        {
            while (verdict == RecordingVerdict.Content)
            {
                verdict = reader.Next(out _);
            }
        }

        return verdict;
    }
}
