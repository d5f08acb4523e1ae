using System.Buffers.Binary;
using System.Security.Cryptography;
using CsCheck;
using Messaging.Fuzz;
using Messaging.Updates.Deltas;
using Messaging.Updates.Deltas.Coding;
using Messaging.Updates.Deltas.Making;

namespace Messaging.Tests.Updates.Deltas;

public sealed class RoundTripTests
{
    [Fact]
    public Task Apply_AnyEdits_MakesTheNewFile() => Edits.Pair.SampleAsync(
        static async pair => await Delta.RoundTripAsync(pair.Old, pair.New), iter: 300);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(5000, 3)]
    [InlineData(3, 5000)]
    public async Task Apply_UnlikeFilesOfAnyLength_MakesTheNewFile(int oldLength, int newLength) =>
        await Delta.RoundTripAsync(Noise(oldLength, 1), Noise(newLength, 2));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Apply_ADownloadThatTrickles_MakesTheNewFile(int bytesAtATime)
    {
        var (old, news) = (Noise(5000, 3), Noise(6000, 3));

        Assert.Equal(news, await Delta.ApplyAsync(old, new Trickle(await Delta.MakeAsync(old, news), bytesAtATime)));
    }

    [Fact]
    public async Task Make_TheSameFile_TakesLittleMoreThanAHeader()
    {
        var file = Noise(3_000_000, 4);

        var delta = await Delta.RoundTripAsync(file, file);

        Assert.InRange(delta.Length, DeltaHeader.Bytes, DeltaHeader.Bytes + 60);
    }

    [Fact]
    public async Task Make_IncompressibleFile_TakesLittleMoreThanTheFile()
    {
        var news = Noise(200_000, 5);

        var delta = await Delta.RoundTripAsync(Noise(100_000, 6), news);

        Assert.InRange(delta.Length, news.Length, news.Length + (news.Length / 20));
    }

    [Fact]
    public async Task Make_ContentThatMovedAcrossBlocks_IsCopied()
    {
        var file = Noise(2_500_000, 7);
        byte[] news = [.. file[1_300_000..], .. file[..1_300_000]];

        var delta = await Delta.RoundTripAsync(file, news);

        Assert.InRange(delta.Length, DeltaHeader.Bytes, 300);
    }

    [Fact]
    public async Task Make_LiteralsThatComeAgainMoreThanABlockLater_MakeTheNewFile()
    {
        // The second ones begin before the second block ends: there what was a match leaves what is remembered.
        var old = Noise(2_100_000, 15);
        var literals = Noise(50_000, 16);
        byte[] news = [.. old.AsSpan(0, 1_000_000), .. literals, .. old.AsSpan(1_000_000, 1_010_000), .. literals];

        await Delta.RoundTripAsync(old, news);
    }

    [Fact]
    public async Task Make_AddressesThatAllMoved_TakesMuchLessThanTheyDo()
    {
        // A table of addresses in no order, each with as much added: no eight bytes are the same, and all is one number.
        var old = new byte[40_000];
        var news = new byte[old.Length];
        var noise = Noise(old.Length, 8);
        for (var i = 0; i < old.Length; i += 4)
        {
            var address = BinaryPrimitives.ReadUInt32LittleEndian(noise.AsSpan(i)) & 0xFF_FFFF;
            BinaryPrimitives.WriteUInt32LittleEndian(old.AsSpan(i), address);
            BinaryPrimitives.WriteUInt32LittleEndian(news.AsSpan(i), address + 0x1240);
        }

        // What is the same at all: every 50th address is that of something before the change.
        for (var i = 0; i < old.Length; i += 200)
        {
            old.AsSpan(i, 40).CopyTo(news.AsSpan(i));
        }

        var delta = await Delta.RoundTripAsync(old, news);

        Assert.InRange(delta.Length, DeltaHeader.Bytes, old.Length / 10);
    }

    [Fact]
    public async Task Make_OldFileLargerThanTheView_FindsWhatMovedFarAway()
    {
        // A view of 3 MiB on an old file of 6: the parts of the new one come from its last two and from its first.
        var file = Noise(6 << 20, 9);
        byte[] news = [.. file.AsSpan(5_000_000, 900_000), .. Noise(10_000, 10), .. file.AsSpan(100_000, 900_000)];

        var delta = await Delta.RoundTripAsync(file, news, new SearchSizes(3 << 20, 1 << 20, 1 << 18));

        Assert.InRange(delta.Length, DeltaHeader.Bytes, 14_000);
    }

    [Fact]
    public async Task Make_ViewOfPagesThatAreNotNeighbours_NeverCopiesAcrossThem()
    {
        var old = Noise(3 << 20, 11);
        var view = new OldView(new MemoryFile(old), [new OldExtent(0, 0, 1000), new OldExtent(5000, 1000, 1000)], TestContext.Current.CancellationToken);
        byte[] news = [.. old.AsSpan(500, 500), .. old.AsSpan(5000, 500)];

        var steps = new CopyFinder(view, news).Find(TestContext.Current.CancellationToken);

        Assert.Equal([new DeltaStep(true, 500, 500), new DeltaStep(true, 5000, 500)], steps);
        await Delta.ApplyAsync(old, Delta.Of(old, news, [.. steps]));
    }

    [Fact]
    public async Task Write_TheSameFilesTwice_GivesTheSameDelta()
    {
        var (old, news) = (Noise(50_000, 12), Noise(60_000, 12));

        Assert.Equal(await Delta.MakeAsync(old, news), await Delta.MakeAsync(old, news));
    }

    [Fact]
    public async Task Write_FilesOnDisk_TellsHowFarItIs()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (old, news) = (Noise(1_500_000, 13), Noise(1_600_000, 13));
            var (oldPath, newPath) = (Path.Combine(folder.FullName, "old"), Path.Combine(folder.FullName, "new"));
            await File.WriteAllBytesAsync(oldPath, old, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(newPath, news, TestContext.Current.CancellationToken);
            using var delta = new MemoryStream();
            var progress = new List<DeltaProgress>();

            var header = await DeltaWriter.WriteAsync(oldPath, newPath, delta, new Listed(progress), TestContext.Current.CancellationToken);

            Assert.Equal((old.Length, news.Length), (header.OldLength, header.NewLength));
            Assert.Equal(SHA256.HashData(old), header.OldSha256.ToArray());
            Assert.Equal(SHA256.HashData(news), header.NewSha256.ToArray());
            Assert.Equal([1 << 20, news.Length], progress.Select(static one => one.NewBytes));
            Assert.Equal(delta.Length, progress[^1].DeltaBytes);
            using var file = OldFile.Open(oldPath);
            using var output = new MemoryStream();
            delta.Position = 0;
            await DeltaApplier.ApplyAsync(file, delta, output, new DeltaLimits(news.Length), TestContext.Current.CancellationToken);
            Assert.True(news.AsSpan().SequenceEqual(output.ToArray()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task WriteAndApply_Stopped_SayThatTheyWere()
    {
        var file = Noise(100, 14);
        var delta = await Delta.MakeAsync(file, file);
        var stopped = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DeltaWriter.WriteAsync(new MemoryFile(file), new MemoryFile(file), new MemoryStream(), null, stopped));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DeltaApplier.ApplyAsync(new MemoryFile(file), new MemoryStream(delta), new MemoryStream(), new DeltaLimits(100), stopped));
    }

    /// <summary>Bytes that nothing compresses; those of one seed begin alike.</summary>
    internal static byte[] Noise(int length, int seed)
    {
        var noise = new byte[length];
        var state = (ulong)seed * 0x9E37_79B9_7F4A_7C15;
        for (var i = 0; i < length; i++)
        {
            state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            noise[i] = (byte)(state >> 56);
        }

        return noise;
    }

    private sealed class Listed(List<DeltaProgress> list) : IProgress<DeltaProgress>
    {
        public void Report(DeltaProgress value) => list.Add(value);
    }
}
