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
        Assert.Equal(1, Compress(new byte[1000])[0]);
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
        Assert.False(over.TryOpen(Brotli(new byte[BatchEnvelope.MaxContentBytes + 1])));
        using var plain = new BatchEnvelope();
        Assert.False(plain.TryOpen(new byte[BatchEnvelope.MaxContentBytes + 2]));
        Assert.Throws<ArgumentException>(static () => Compress(new byte[BatchEnvelope.MaxContentBytes + 1]));
    }

    [Fact]
    public void TryOpen_SmallMessageOfAGigabyte_IsRefusedEarly()
    {
        var bomb = Brotli(new byte[256 * 1024 * 1024]);
        Assert.True(bomb.Length < 1024);
        using var envelope = new BatchEnvelope();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(envelope.TryOpen(bomb));

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
        using var unknown = new BatchEnvelope();
        Assert.False(unknown.TryOpen([2, 0]));
        using var empty = new BatchEnvelope();
        Assert.False(empty.TryOpen([]));
    }

    private static byte[] Compress(byte[] content) => Samples.Encoded(output => BatchEnvelope.Compress(content, output));

    private static byte[] Brotli(byte[] content)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length) + 1];
        buffer[0] = 1;
        Assert.True(BrotliEncoder.TryCompress(content, buffer.AsSpan(1), out var written, 9, 22));
        return buffer[..(written + 1)];
    }
}
