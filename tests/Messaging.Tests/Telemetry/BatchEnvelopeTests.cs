using System.IO.Compression;
using CsCheck;
using Messaging.Fuzz;
using Messaging.Telemetry;
using Messaging.Tests.Support;

namespace Messaging.Tests.Telemetry;

public sealed class BatchEnvelopeTests
{
    [Fact]
    public void TryOpen_AnyContent_GivesItBack() =>
        Gen.OneOf(Gen.Byte.Array[0, 3000], Gen.Select(Gen.Byte, Gen.Int[0, 200_000]).Select(static (value, length) => Samples.Bytes(length, value))).Sample(static content =>
        {
            using var envelope = new BatchEnvelope();
            Assert.True(envelope.TryOpen(Compress(content)));
            Assert.True(envelope.Content.SequenceEqual(content));
        }, iter: 200);

    [Fact]
    public void Compress_ZerosOrNoise_TakesTheShorterForm()
    {
        Assert.Equal(2, Compress(new byte[1000])[0]);
        Assert.True(Compress(new byte[1000]).Length < 50);
        var noise = System.Security.Cryptography.RandomNumberGenerator.GetBytes(1000);
        Assert.Equal([0, .. noise], Compress(noise));
    }

    [Fact]
    public void TryOpen_LargestContent_IsAcceptedAndOneByteMoreIsNot()
    {
        using var largest = new BatchEnvelope();
        Assert.True(largest.TryOpen(Compress(new byte[BatchEnvelope.MaxContentBytes])));
        Assert.Equal(BatchEnvelope.MaxContentBytes, largest.Content.Length);

        using var over = new BatchEnvelope();
        Assert.False(over.TryOpen(Deflated(new byte[BatchEnvelope.MaxContentBytes + 1])));
        using var plain = new BatchEnvelope();
        Assert.False(plain.TryOpen(new byte[BatchEnvelope.MaxContentBytes + 2]));
        Assert.Throws<ArgumentException>(static () => Compress(new byte[BatchEnvelope.MaxContentBytes + 1]));
    }

    [Fact]
    public void TryOpen_SmallMessageOfAGigabyte_IsRefusedEarly()
    {
        var bomb = Deflated(new byte[256 * 1024 * 1024]);
        Assert.True(bomb.Length < 512 * 1024);
        using var envelope = new BatchEnvelope();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(envelope.TryOpen(bomb));
        Assert.True(envelope.IsBomb);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 * 1024);
    }

    [Fact]
    public void TryOpen_BrokenStream_IsRefused()
    {
        byte[] content = [.. Enumerable.Range(0, 1000).Select(static i => (byte)(i / 10))];
        Mutations.AssertStrictLength(Compress(content), static data =>
        {
            using var envelope = new BatchEnvelope();
            return envelope.TryOpen(data);
        });
        foreach (var compression in new byte[] { 1, 3, 255 })
        {
            using var unknown = new BatchEnvelope();
            Assert.False(unknown.TryOpen([compression, 3, 0]));
        }

        using var empty = new BatchEnvelope();
        Assert.False(empty.TryOpen([]));
    }

    private static byte[] Compress(byte[] content) => Samples.Encoded(output => BatchEnvelope.Compress(content, output));

    private static byte[] Deflated(byte[] content)
    {
        using var compressed = new MemoryStream();
        compressed.WriteByte(2);
        using (var stream = new DeflateStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }
}
