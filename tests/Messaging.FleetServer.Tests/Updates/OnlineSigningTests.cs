using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Updates;
using Messaging.Updates;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>What the server signs by itself, and warns of.</summary>
public sealed class OnlineSigningTests : IAsyncLifetime
{
    private RepositoryBench _bench = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await RepositoryBench.CreateAsync();
        await _bench.BeginAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Timestamp_IsSignedAnewLongBeforeItEnds()
    {
        var device = new ShownMetadata(_bench);
        var snapshots = new HashSet<long>();
        for (var hour = 0; hour < 24 * 40; hour++)
        {
            _bench.Time.Advance(TimeSpan.FromHours(1));
            await _bench.Repository.RefreshAsync(Ct);
            Assert.True(_bench.Repository.Published.Timestamp!.Expires - _bench.Time.GetUtcNow() > _bench.Limits.TimestampValidity * 0.8);
            snapshots.Add(_bench.Repository.Published.Snapshot!.Version);
            if (hour % 97 == 0)
            {
                await _bench.ReadAsync(device);
            }
        }

        Assert.InRange(snapshots.Count, 3, 4);
        Assert.Equal(3, _bench.Files().List().Count(static name => name.EndsWith(".snapshot.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Refresh_WhenNothingIsDue_SignsNothing()
    {
        Assert.False(await _bench.Repository.RefreshAsync(Ct));
        _bench.Time.Advance(TimeSpan.FromHours(5));
        Assert.False(await _bench.Repository.RefreshAsync(Ct));
        _bench.Time.Advance(TimeSpan.FromHours(2));
        Assert.True(await _bench.Repository.RefreshAsync(Ct));
    }

    [Fact]
    public async Task Server_ThatStoodStill_IsAFreezeUntilItSignsAgain()
    {
        var device = new ShownMetadata(_bench);
        _bench.Time.Advance(_bench.Limits.TimestampValidity);
        Assert.Equal(TufFailure.Freeze, (await Assert.ThrowsAsync<TufException>(() => _bench.ReadAsync(device))).Failure);
        Assert.Contains(_bench.Status.Warnings(), static one => one.Code == "expired_online");

        await _bench.Repository.RefreshAsync(Ct);
        await _bench.ReadAsync(device);
        Assert.Empty(_bench.Status.Warnings());
    }

    [Fact]
    public async Task Server_RestoredFromABackup_UsesNoNumberAgain()
    {
        var backup = _bench.Files().List().ToDictionary(static name => name, name => _bench.Files().Read(name)!, StringComparer.Ordinal);
        var device = new ShownMetadata(_bench);
        _bench.Time.Advance(TimeSpan.FromDays(2));
        await _bench.Repository.RefreshAsync(Ct);
        await _bench.ReadAsync(device);
        foreach (var (name, content) in backup)
        {
            _bench.Files().Replace(name, content);
        }

        _bench.Open();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.Repository.RefreshAsync(Ct);

        await _bench.ReadAsync(device);
    }

    [Fact]
    public async Task Warnings_BeforeRootAndTargetsEnd()
    {
        Assert.Empty(_bench.Status.Warnings());
        _bench.Time.Advance(TimeSpan.FromDays(336));
        await _bench.Repository.RefreshAsync(Ct);

        Assert.Equal(["root_expires", "targets_expire"], _bench.Status.Warnings().Select(static one => one.Code));
        Assert.Equal("attention", _bench.Status.View().State);
    }

    [Fact]
    public async Task Server_WithAnotherKey_SaysSoAndSignsNothing()
    {
        OnlineKey.Forget(_bench.Folder["keys"]);
        using var other = OnlineKey.Open(_bench.Folder["keys"]);
        _bench.Open(online: other);
        _bench.Time.Advance(TimeSpan.FromDays(1));

        Assert.False(await _bench.Repository.RefreshAsync(Ct));
        Assert.Equal("online_key_not_named", Assert.Single(_bench.Status.Warnings()).Code);
        await _bench.PutAsync(_bench.Targets(2));
        await _bench.SignAsync("targets", _bench.Owner.Key);
        Assert.Equal("online_key_not_named", (await _bench.PublishAsync())?.Code);

        // The owner names it in another root.
        var device = new ShownMetadata(_bench);
        Assert.Null(await _bench.PutAsync((_bench.Plan with { Version = 2 }).Create()));
        Assert.Null(await _bench.SignAsync("root", _bench.Owner.Root));
        Assert.Null(await _bench.PublishAsync());
        Assert.Equal(2, (await _bench.ReadAsync(device)).Version);
        Assert.Empty(_bench.Status.Warnings());
    }

    [Fact]
    public async Task Metadata_ThatIsDamaged_IsShownToNobodyAndStopsNothingElse()
    {
        _bench.Files().Replace("1.targets.json", "{"u8);
        _bench.Open();

        Assert.False(_bench.Repository.Published.Exists);
        Assert.Equal("damaged", Assert.Single(_bench.Status.View().Warnings).Code);
        Assert.Equal("repository_damaged", (await _bench.PutAsync(_bench.Plan.Create()))?.Code);
        Assert.False(await _bench.Repository.RefreshAsync(Ct));
    }
}
