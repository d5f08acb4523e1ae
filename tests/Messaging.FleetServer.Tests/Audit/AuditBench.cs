using Messaging.Audit;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Audit;

/// <summary>The log of a server on real files, without the rest of the server. What a thief of the machine can do, it does to these files.</summary>
internal sealed class AuditBench(int daysAgo = 0) : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private ServiceProvider? _provider;
    private FleetKeys? _keys;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(-daysAgo).ToUnixTimeSeconds()));

    public LogCapture Logs { get; } = new();

    public FleetKeys Keys => _keys ??= OpenKeys();

    public AuditLog Log => Get<AuditLog>();

    public AuditKeeper Keeper => Get<AuditKeeper>();

    public FindingBook Findings => Get<FindingBook>();

    public IDbContextFactory<FleetDbContext> Database => Get<IDbContextFactory<FleetDbContext>>();

    public string Registry => _folder[StorageServices.RegistryFile];

    public string HeadFile => _folder["audit-head"];

    public string this[string name] => _folder[name];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => (_provider ?? throw new InvalidOperationException("It has not started.")).GetRequiredService<T>();

    /// <summary>As a server does, before anything else.</summary>
    public async Task StartAsync(AuditOptions? options = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new FleetServerOptions { DataFolder = _folder.Path }).AddSingleton<TimeProvider>(Time).AddLogging(logging => logging.AddProvider(Logs));
        services.AddSingleton(Keys).AddSingleton(options ?? new AuditOptions()).AddRegistryStorage();
        services.AddAudit();
        services.AddSingleton(provider => new CheckpointStore(provider.GetRequiredService<IDbContextFactory<FleetDbContext>>(), HeadFile));
        services.AddSingleton<LogCheck>().AddSingleton<AuditKeeper>();
        _provider = services.BuildServiceProvider();
        await using (var db = await Database.CreateDbContextAsync(Cancellation))
        {
            await db.Database.MigrateAsync(Cancellation);
        }

        await Keeper.StartAsync(Cancellation);
    }

    public async Task StopAsync()
    {
        if (_provider is not null)
        {
            await Keeper.StopAsync(CancellationToken.None);
            await KillAsync();
        }
    }

    /// <summary>Without a last checkpoint.</summary>
    public async Task KillAsync()
    {
        await _provider!.DisposeAsync();
        _provider = null;
        SqliteConnection.ClearAllPools();
    }

    public async Task AppendAsync(int count, string action = "test.change")
    {
        for (var i = 0; i < count; i++)
        {
            await Log.AppendAsync(new AuditRecord(action, $"devices/{i}", AuditRecord.Ok, "wörds ✓") { ActorKind = "operator", ActorId = "1", Actor = "alice", Address = "192.0.2.1" }, Cancellation);
        }
    }

    /// <summary>Oldest first.</summary>
    public async Task<List<AuditEntry>> EntriesAsync()
    {
        await using var db = await Database.CreateDbContextAsync(Cancellation);
        return await db.Set<AuditEntry>().AsNoTracking().OrderBy(entry => entry.Id).ToListAsync(Cancellation);
    }

    /// <summary>What whoever has the file can do to it: no trigger keeps them from it.</summary>
    public void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Registry};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;
            DROP TRIGGER IF EXISTS audit_checkpoints_no_update; DROP TRIGGER IF EXISTS audit_checkpoints_no_delete;
            {sql};
            """;
        Assert.True(command.ExecuteNonQuery() >= 0 || !sql.StartsWith("UPDATE", StringComparison.Ordinal));
    }

    public async Task<string> NewestLogAsync() => (await EntriesAsync())[^1].LogId;

    public void RenewKeys()
    {
        _keys?.Dispose();
        File.Delete(Path.Combine(_folder["keys"], "root.p8"));
        _keys = FleetKeys.Renew(_folder["keys"]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _keys?.Dispose();
        _folder.Dispose();
    }

    private FleetKeys OpenKeys()
    {
        var keys = FleetKeys.Open(_folder["keys"]);
        new TrustService(keys, _folder["keys"], TimeProvider.System).Dispose();
        return keys;
    }
}
