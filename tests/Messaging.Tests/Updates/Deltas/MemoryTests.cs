using System.Security.Cryptography;
using Messaging.Updates.Deltas;
using Messaging.Updates.Deltas.Coding;

namespace Messaging.Tests.Updates.Deltas;

public sealed class MemoryTests
{
    private const int LargeBytes = 96 << 20;
    private const int MostBytes = 9_000_000;

    [Fact]
    public async Task Apply_LargeFile_TakesLessThanNineMegabytes()
    {
        var old = new PatternFile(LargeBytes);
        using var delta = new MemoryStream();
        await DeltaWriter.WriteAsync(old, old, delta, null, TestContext.Current.CancellationToken);
        delta.Position = 0;
        using var output = new Hashed();

        // All streams answer at once, so that everything happens in this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var applied = DeltaApplier.ApplyAsync(old, delta, output, new DeltaLimits(LargeBytes, OldIsVerified: true), TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(applied.IsCompletedSuccessfully);
        Assert.Equal(LargeBytes, (await applied).Length);
        Assert.Equal(output.Sha256, (await applied).Sha256.ToArray());
        Assert.InRange(allocated, DeltaCode<BitDecoder>.BlockBytes, MostBytes);
    }

    /// <summary>A file of any length that is nowhere.</summary>
    private sealed class PatternFile(long length) : IOldFile
    {
        public long Length => length;

        public void Read(long offset, Span<byte> buffer)
        {
            buffer.Fill((byte)(offset >> 20));
            for (var at = (int)((1 << 20) - (offset & 0xF_FFFF)); at < buffer.Length; at += 1 << 20)
            {
                buffer[at..].Fill((byte)((offset + at) >> 20));
            }
        }
    }

    private sealed class Hashed : MemoryStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public byte[] Sha256 => _hash.GetHashAndReset();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _hash.AppendData(buffer.Span);
            return ValueTask.CompletedTask;
        }

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
