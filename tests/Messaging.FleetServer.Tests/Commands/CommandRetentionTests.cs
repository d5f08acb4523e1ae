using System.Globalization;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Updates.Devices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CommandState = Messaging.FleetServer.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Commands;

public sealed class CommandRetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Limit = Now.AddDays(-90);
    private readonly ScratchFolder _folder = new();
    private readonly ServiceProvider _services;
    private long _ordinal;

    public CommandRetentionTests() => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton(new FleetServerOptions { DataFolder = _folder.Path })
        .AddRegistryStorage()
        .BuildServiceProvider();

    private IDbContextFactory<FleetDbContext> Database => _services.GetRequiredService<IDbContextFactory<FleetDbContext>>();

    public async ValueTask InitializeAsync()
    {
        await using var db = await Database.CreateDbContextAsync();
        await db.Database.MigrateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Delete_TakesWhatEndedLongAgo_AndNothingElse()
    {
        await AddAsync(
            Command("old", created: -200, finished: -100),
            Command("ended lately", created: -200, finished: -10),
            Command("still open", created: -200, finished: null),
            Command("still valid", created: -200, finished: -199, expires: 10),
            Command("old too", created: -100, finished: -91),
            Command("new", created: -1, finished: -1));

        Assert.Equal(2, await DeleteAsync());

        Assert.Equal(["ended lately", "new", "still open", "still valid"], await LeftAsync<CommandEntity>(static one => one.Id));
        Assert.Equal(0, await DeleteAsync());
    }

    [Fact]
    public async Task Delete_OfMoreThanABatch_TakesAll()
    {
        await AddAsync([.. Enumerable.Range(0, 1203).Select(i => Command(i.ToString("D4", CultureInfo.InvariantCulture), created: -200, finished: i % 400 == 0 ? null : -199))]);

        Assert.Equal(1199, await DeleteAsync());

        Assert.Equal(["0000", "0400", "0800", "1200"], await LeftAsync<CommandEntity>(static one => one.Id));
    }

    [Fact]
    public async Task Delete_OfASet_WaitsForItsLastDevice()
    {
        await AddAsync(
            Set("gone", created: -200), Command("gone", created: -200, finished: -100),
            Set("half", created: -200), Command("half", created: -200, finished: -100), Command("half", created: -200, finished: null, device: "other"),
            Set("of no device", created: -1));

        await DeleteAsync();

        Assert.Equal(["half", "of no device"], await LeftAsync<CommandSetEntity>(static one => one.Id));
        Assert.Equal(["half"], await LeftAsync<CommandEntity>(static one => one.Id));
    }

    [Fact]
    public async Task Delete_OfUpdates_GoesWithTheirCommands_AndKeepsWhatDevicesHave()
    {
        await AddAsync(
            Command("open", created: -200, finished: null), Update("open", created: -200), Command("over", created: -200, finished: -100), Update("over", created: -200),
            Update("of an unknown command", created: -200), Update("new", created: -1),
            new ComponentRow { DeviceId = "device", Name = "app", Kind = "agent", Version = "1.0.0", Sha256 = "", CommandId = "over", Since = Now.AddDays(-200) });

        Assert.Equal(3, await DeleteAsync());

        Assert.Equal(["new", "open"], await LeftAsync<UpdateRow>(static one => one.CommandId));
        Assert.Equal(["app"], await LeftAsync<ComponentRow>(static one => one.Name));
    }

    [Fact]
    public async Task Delete_OfProposals_GoesByTheirEnd()
    {
        await AddAsync(Proposal("over", expires: -91, ProposalState.Open), Proposal("sent", expires: -91, ProposalState.Sent), Proposal("open", expires: 1, ProposalState.Open));

        Assert.Equal(2, await DeleteAsync());

        Assert.Equal(["open"], await LeftAsync<ProposalEntity>(static one => one.Id));
    }

    private static UpdateRow Update(string id, int created) => new() { DeviceId = "device", CommandId = id, CreatedAt = Now.AddDays(created), State = DeviceUpdateState.Committed };

    private static CommandSetEntity Set(string id, int created) => new()
    {
        Id = id,
        Type = "ping",
        ArgsJson = "",
        CreatedAt = Now.AddDays(created),
        ExpiresAt = Now.AddDays(created + 1),
        CreatedBy = "somebody",
        Order = [],
    };

    private static ProposalEntity Proposal(string id, int expires, ProposalState state) => new()
    {
        Id = id,
        Type = "ping",
        CreatedAt = Now.AddDays(expires - 1),
        CreatedBy = "somebody",
        ExpiresAt = Now.AddDays(expires),
        State = state,
        Order = [],
    };

    private CommandEntity Command(string id, int created, int? finished, int? expires = null, string device = "device") => new()
    {
        Id = id,
        DeviceId = device,
        Ordinal = ++_ordinal,
        Type = "ping",
        ArgsJson = "",
        Args = [],
        State = finished is null ? CommandState.Sent : CommandState.Done,
        CreatedAt = Now.AddDays(created),
        CreatedBy = "somebody",
        ExpiresAt = Now.AddDays(expires ?? created + 1),
        FinishedAt = finished is { } days ? Now.AddDays(days) : null,
    };

    private async Task AddAsync(params object[] rows)
    {
        foreach (var row in rows)
        {
            // One by one, as commands come: their place in the table is what counts.
            await using var db = await Database.CreateDbContextAsync(TestContext.Current.CancellationToken);
            db.Add(row);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<int> DeleteAsync()
    {
        var deleted = 0;
        await foreach (var batch in new CommandRetention(Database).DeleteBeforeAsync(Limit, TestContext.Current.CancellationToken))
        {
            deleted += batch;
        }

        return deleted;
    }

    private async Task<List<string>> LeftAsync<T>(Func<T, string> id)
        where T : class
    {
        await using var db = await Database.CreateDbContextAsync(TestContext.Current.CancellationToken);
        return [.. (await db.Set<T>().AsNoTracking().ToListAsync(TestContext.Current.CancellationToken)).Select(id).Order(StringComparer.Ordinal)];
    }
}
