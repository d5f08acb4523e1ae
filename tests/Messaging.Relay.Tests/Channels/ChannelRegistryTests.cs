using System.Net;
using System.Security.Cryptography;
using CsCheck;
using Messaging.Relay.Channels;
using Messaging.Relay.Limits;
using Messaging.Relay.Storage;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Channels;

public sealed class ChannelRegistryTests : ChannelFolder
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public async Task Channels_AfterARestart_AreThereWithEverythingThatWasAcknowledged()
    {
        var description = Description();
        using (var open = Open())
        {
            var (_, channel) = await open.Registry.CreateAsync(description);
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => open.Registry.AppendAsync(channel!, [(byte)i, 1])));
        }

        using var again = Open();
        var found = again.Registry.Find(description.Id)!;
        Assert.Equal((0, 300, 600L), (found.Extent.First, found.Extent.Next, found.Extent.Bytes));
        Assert.Equal(description.Descriptor, found.Description.Descriptor);
        var page = await ReadAsync(again.Registry, found, 0);
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => (byte)i), page.Select(static record => record.Body[0]));
        Assert.Equal(300, (await again.Registry.AppendAsync(found, [1])).Offset);
        Assert.Equal(602 - 1, again.Registry.Bytes);
    }

    [Fact]
    public async Task Appends_AtOnce_ShareTransactions()
    {
        using var open = Open();
        var (_, channel) = await open.Registry.CreateAsync(Description());
        var before = open.Store.Commits;
        var results = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => open.Registry.AppendAsync(channel!, new byte[10])));
        Assert.Equal(Enumerable.Range(0, 2000).Select(static i => (long)i), results.Select(static result => result.Offset));
        Assert.InRange(open.Store.Commits - before, 1, 1000);
    }

    [Fact]
    public async Task Records_BeyondAChannelsSize_MakeRoom_AndTheOffsetsGoOn()
    {
        using (var open = Open(static options => options with { MaxChannelBytes = 1000 }))
        {
            var (_, channel) = await open.Registry.CreateAsync(Description());
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(i, (await open.Registry.AppendAsync(channel!, new byte[100])).Offset);
                Assert.InRange(channel!.Extent.Bytes, 100, 1000);
            }

            Assert.Equal(channel!.Extent.Records * 100, channel.Extent.Bytes);
            Assert.Equal(open.Registry.Bytes, channel.Extent.Bytes);
            var page = await ReadAsync(open.Registry, channel, 0);
            Assert.Equal((ulong)channel.Extent.First, page[0].Offset);
            Assert.Equal(99UL, page[^1].Offset);
        }

        using var again = Open();
        Assert.Equal(100, Assert.Single(again.Registry.All).Extent.Next);
    }

    [Fact]
    public async Task Records_TooOld_Go_AndTheOffsetsGoOn()
    {
        using var open = Open(static options => options with { MaxAge = TimeSpan.FromDays(1) });
        var (_, channel) = await open.Registry.CreateAsync(Description());
        for (var i = 0; i < 600; i++)
        {
            await open.Registry.AppendAsync(channel!, [1]);
        }

        _time.Advance(TimeSpan.FromHours(20));
        await open.Registry.AppendAsync(channel!, [2]);
        _time.Advance(TimeSpan.FromHours(5));
        open.Registry.Sweep();
        await Wait.ForAsync(() => channel!.Extent.Records == 1, "all but the last are gone");
        Assert.Equal([2], Assert.Single(await ReadAsync(open.Registry, channel!, 0)).Body);
        _time.Advance(TimeSpan.FromHours(25));
        open.Registry.Sweep();
        await Wait.ForAsync(() => channel!.Extent.Records == 0, "the last is gone");
        Assert.Equal(601, (await open.Registry.AppendAsync(channel!, [3])).Offset);
    }

    [Fact]
    public async Task Channel_ThatNobodyUses_Goes_AndOneThatIsFollowedDoesNot()
    {
        using var open = Open(static options => options with { MaxIdle = TimeSpan.FromDays(10) });
        var (_, used) = await open.Registry.CreateAsync(Description());
        var (_, unused) = await open.Registry.CreateAsync(Description());
        for (var i = 0; i < 600; i++)
        {
            await open.Registry.AppendAsync(unused!, [1]);
        }

        using var listener = new ChannelListener(used!);
        _time.Advance(TimeSpan.FromDays(11));
        open.Registry.Sweep();
        await Wait.ForAsync(() => open.Registry.Find(unused!.Id) is null, "the unused channel is gone");
        Assert.Same(used, open.Registry.Find(used!.Id));
        Assert.Equal(0, open.Registry.Bytes);
        Assert.Equal(AppendStatus.Gone, (await open.Registry.AppendAsync(unused!, [1])).Status);

        // Its name is free, and begins anew.
        var (status, anew) = await open.Registry.CreateAsync(unused!.Description);
        Assert.Equal(CreateStatus.Created, status);
        Assert.Equal(0, (await open.Registry.AppendAsync(anew!, [1])).Offset);
    }

    [Fact]
    public async Task Disk_ThatIsFull_RefusesWithAReason_KeepsWhatItHas_AndTakesAgainWhenThereIsRoom()
    {
        var description = Description();
        using (var open = Open())
        {
            var (_, channel) = await open.Registry.CreateAsync(description);
            Assert.Equal(AppendStatus.Durable, (await open.Registry.AppendAsync(channel!, [1])).Status);
            LimitPages(open.Store, 20);
            var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => open.Registry.AppendAsync(channel!, new byte[10_000])));
            Assert.Contains(results, static result => result.Status == AppendStatus.DiskFull);
            Assert.True(open.Store.IsFaulty);
            Assert.Equal(CreateStatus.DiskFull, await FillAsync(open.Registry, channel!));
            LimitPages(open.Store, int.MaxValue);
            var taken = await open.Registry.AppendAsync(channel!, [2]);
            Assert.Equal(AppendStatus.Durable, taken.Status);
            Assert.Equal(channel!.Extent.Next - 1, taken.Offset);
            Assert.False(open.Store.IsFaulty);
            Assert.Equal(channel.Extent.Next, (await ReadAsync(open.Registry, channel, 0)).Count);
        }

        using var again = Open();
        var found = again.Registry.Find(description.Id)!;
        Assert.Equal(found.Extent.Next, (await ReadAsync(again.Registry, found, 0)).Count);
    }

    [Fact]
    public async Task Quotas_AreHeld()
    {
        using var open = Open(static options => options with { MaxBytes = 1000, MaxChannels = 2, MaxRecordBytes = 600 });
        var (_, channel) = await open.Registry.CreateAsync(Description());
        Assert.Equal(AppendStatus.TooLarge, (await open.Registry.AppendAsync(channel!, new byte[601])).Status);
        Assert.Equal(AppendStatus.Durable, (await open.Registry.AppendAsync(channel!, new byte[600])).Status);
        Assert.Equal(AppendStatus.QuotaExceeded, (await open.Registry.AppendAsync(channel!, new byte[401])).Status);
        Assert.Equal(AppendStatus.Durable, (await open.Registry.AppendAsync(channel!, new byte[400])).Status);
        Assert.Equal(2, open.Registry.Counters.AppendsRefused);
        await open.Registry.CreateAsync(Description());
        Assert.Equal(CreateStatus.TooMany, (await open.Registry.CreateAsync(Description())).Status);
    }

    [Fact]
    public async Task Stranger_WhoAppendsWithoutEnd_LeavesRoomToOthers()
    {
        using var open = Open(static options => options with { MaxBytes = 62_000 });
        var (_, channel) = await open.Registry.CreateAsync(Description());
        var (stranger, other) = (AddressKey.Of(IPAddress.Parse("192.0.2.7")), AddressKey.Of(IPAddress.Parse("192.0.2.8")));
        AppendResult last;
        do
        {
            last = await open.Registry.AppendAsync(channel!, new byte[500], stranger);
        }
        while (last.Status == AppendStatus.Durable);

        Assert.Equal(AppendStatus.ShareExceeded, last.Status);
        Assert.InRange(open.Registry.Bytes, 31_000, 32_000);
        Assert.Equal(AppendStatus.Durable, (await open.Registry.AppendAsync(channel!, new byte[500], other)).Status);
        Assert.Equal(1, open.Registry.Counters.AppendsRefused);
    }

    [Fact]
    public async Task Append_AfterTheEnd_IsRefused()
    {
        var open = Open();
        var (_, channel) = await open.Registry.CreateAsync(Description());
        open.Dispose();
        Assert.Equal(AppendStatus.Stopping, (await open.Registry.AppendAsync(channel!, [1])).Status);
    }

    [Theory]
    [InlineData("not a database, but some text that is long enough to be read as a header of a page")]
    [InlineData("SQLite format 3\0 and then something else")]
    public void File_ThatIsNone_IsSaidSo(string content)
    {
        File.WriteAllText(FilePath, content);
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => Open());
    }

    [Fact]
    public async Task File_WithAChannelThatWasNeverWritten_IsSaidSo()
    {
        using (var open = Open())
        {
            await open.Registry.CreateAsync(Description());
        }

        using (var store = new RelayStore(FilePath, NullLogger<RelayStore>.Instance))
        {
            using var command = store.Connection.CreateCommand();
            command.CommandText = "UPDATE channels SET id = x'00'";
            command.ExecuteNonQuery();
        }

        Assert.Throws<InvalidDataException>(() => Open());
    }

    [Fact]
    public void Pages_FromMemoryAndDisk_AreTheSame() => Gen.Select(Gen.Int[1, 60].Array[1, 60], Gen.Int[0, 60], Gen.Int[1, 20], Gen.Int[1, 500]).Sample(
        (sizes, from, records, bytes) => CompareAsync(sizes, Math.Min(from, sizes.Length), new PageLimits(records, bytes)).GetAwaiter().GetResult(), iter: 20, threads: 1);

    private async Task CompareAsync(int[] sizes, int from, PageLimits limits)
    {
        using var open = Open();
        var (_, channel) = await open.Registry.CreateAsync(Description());
        foreach (var size in sizes)
        {
            await open.Registry.AppendAsync(channel!, new byte[size]);
        }

        List<ChannelRecord> memory = [];
        Assert.True(channel!.TryReadTail(from, limits, memory));
        List<ChannelRecord> disk = [];
        using var readers = new ChannelReaders(open.Store);
        if (from < sizes.Length)
        {
            await readers.ReadAsync(channel, from, sizes.Length, limits, disk, CancellationToken.None);
        }

        Assert.Equal(memory.Select(static record => (record.Offset, record.UnixMs, record.Body.Length)), disk.Select(static record => (record.Offset, record.UnixMs, record.Body.Length)));
        Assert.True(memory.Count == Math.Min(sizes.Length - from, memory.Count) && (memory.Count > 0 || from == sizes.Length));
    }

    private static async Task<CreateStatus> FillAsync(ChannelRegistry registry, Channel channel)
    {
        // Small ones find room in a page that has some.
        while ((await registry.AppendAsync(channel, new byte[500])).Status == AppendStatus.Durable)
        {
        }

        while (true)
        {
            var (status, _) = await registry.CreateAsync(Description());
            if (status != CreateStatus.Created)
            {
                return status;
            }
        }
    }

    /// <summary>What SQLite says of a file that may not grow is what it says of a disk without room.</summary>
    private static void LimitPages(RelayStore store, int pages)
    {
        using var command = store.Connection.CreateCommand();
        command.CommandText = "PRAGMA max_page_count = " + pages;
        command.ExecuteNonQuery();
    }

    private static async Task<List<ChannelRecord>> ReadAsync(ChannelRegistry registry, Channel channel, long from)
    {
        var all = new List<ChannelRecord>();
        while (true)
        {
            var page = await registry.ReadAsync(channel, from, new PageLimits(100, 1_000_000), TestContext.Current.CancellationToken);
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(page);
            from = (long)page[^1].Offset + 1;
        }
    }

    private static ChannelDescription Description() =>
        new(ChannelId.Generate(), ChannelKind.Sealed, RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(20), 1);

    private OpenRegistry Open(Func<ChannelOptions, ChannelOptions>? change = null)
    {
        var store = new RelayStore(FilePath, NullLogger<RelayStore>.Instance);
        try
        {
            var options = new ChannelOptions { Path = FilePath };
            var registry = new ChannelRegistry(store, change?.Invoke(options) ?? options, _time, NullLogger<ChannelRegistry>.Instance);
            store.Start();
            return new OpenRegistry(store, registry);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private sealed record OpenRegistry(RelayStore Store, ChannelRegistry Registry) : IDisposable
    {
        public void Dispose()
        {
            Store.Stop();
            Registry.Dispose();
            Store.Dispose();
        }
    }
}
