using Messaging.Crypto;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>What is published, and above all what is not.</summary>
public sealed class PublishingTests : IAsyncLifetime
{
    private static readonly TargetEntry Camera = RepositoryBench.Entry(RepositoryBench.Content);
    private RepositoryBench _bench = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await RepositoryBench.CreateAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Repository_FromTheFirstRootOn_IsReadByADevice()
    {
        Assert.Equal("none", _bench.Status.View().State);
        _bench.Store(RepositoryBench.Content);
        await _bench.BeginAsync(Camera);
        var device = new ShownMetadata(_bench);
        Assert.Equal(1, (await _bench.ReadAsync(device)).Count);

        await _bench.ReleaseAsync(2);
        Assert.Equal((2, 0), ((await _bench.ReadAsync(device)).Version, (await _bench.ReadAsync(device)).Count));
        Assert.Equal(2, (await _bench.ReadAsync()).Version);
        Assert.Equal("ready", _bench.Status.View().State);
        Assert.Empty(_bench.Status.View().Drafts);
    }

    [Fact]
    public async Task Publish_BeforeItIsSigned_IsRefused()
    {
        Assert.Equal("nothing_to_publish", (await _bench.PublishAsync())?.Code);
        await _bench.PutAsync(_bench.Plan.Create());
        Assert.Equal("repository_incomplete", (await _bench.PublishAsync())?.Code);
        await _bench.PutAsync(_bench.Targets(1));
        Assert.Equal("signatures_missing", (await _bench.PublishAsync())?.Code);
        await _bench.SignAsync("root", _bench.Owner.Root);
        Assert.Equal("signatures_missing", (await _bench.PublishAsync())?.Code);
        await _bench.SignAsync("targets", _bench.Owner.Key);

        Assert.Null(await _bench.PublishAsync());
    }

    [Fact]
    public async Task Publish_WithFewerSignaturesThanMust_IsRefused()
    {
        using var second = IdentityKey.Generate();
        Assert.Null(await _bench.PutAsync((_bench.Plan with { Targets = new KeyRole(2, _bench.Owner.Key.Public, second.Public) }).Create()));
        Assert.Null(await _bench.SignAsync("root", _bench.Owner.Root));
        Assert.Null(await _bench.PutAsync(_bench.Targets(1)));
        Assert.Null(await _bench.SignAsync("targets", _bench.Owner.Key));
        var problem = await _bench.PublishAsync();
        Assert.Equal("signatures_missing", problem?.Code);
        Assert.Contains("1 of 2", problem!.Detail, StringComparison.Ordinal);

        Assert.Null(await _bench.SignAsync("targets", second));
        Assert.Null(await _bench.PublishAsync());
        await _bench.ReadAsync();
    }

    [Fact]
    public async Task Sign_ByAStrangerOrWrongly_CountsForNothing()
    {
        using var stranger = IdentityKey.Generate();
        await _bench.PutAsync(_bench.Plan.Create());
        Assert.Equal("not_a_signer", (await _bench.SignAsync("root", stranger))?.Code);
        Assert.Equal("not_a_signer", (await _bench.SignAsync("root", _bench.Owner.Key))?.Code);
        Assert.Equal("signature_wrong", (await _bench.Repository.SignAsync("root", RepositoryKey.Of(_bench.Owner.Root.Public).Id, [1, 2, 3], Ct))?.Code);
        Assert.Equal("draft_not_found", (await _bench.Repository.SignAsync("targets", "", [], Ct))?.Code);
        Assert.Empty(_bench.Repository.DraftOf("root")!.Document.SignedBy);
    }

    [Fact]
    public async Task Draft_ChangedAfterItWasSigned_IsToBeSignedAgain()
    {
        await _bench.BeginAsync();
        await _bench.PutAsync(_bench.Targets(2));
        await _bench.SignAsync("targets", _bench.Owner.Key);
        _bench.Store(RepositoryBench.Content);
        Assert.Null(await _bench.PutAsync(_bench.Targets(2, Camera)));

        Assert.Equal("signatures_missing", (await _bench.PublishAsync())?.Code);
        Assert.Equal("draft_changed", (await _bench.Repository.PutDraftAsync("targets", _bench.Targets(3).EncodeContent(), replaces: null, Ct))?.Code);
        Assert.Equal("draft_changed", (await _bench.Repository.PutDraftAsync("targets", _bench.Targets(3).EncodeContent(), new string('0', 64), Ct))?.Code);
    }

    [Fact]
    public async Task Targets_WhoseArtifactIsNotHere_AreNotPublished()
    {
        await _bench.BeginAsync();
        await _bench.PutAsync(_bench.Targets(2, Camera));
        await _bench.SignAsync("targets", _bench.Owner.Key);
        Assert.Equal("artifact_missing", (await _bench.PublishAsync())?.Code);
        Assert.Equal([Camera.Path], _bench.Status.View().Drafts.Single().Missing);

        _bench.Store(RepositoryBench.Content);
        await _bench.PutAsync(_bench.Targets(2, Camera with { Length = 3 }));
        await _bench.SignAsync("targets", _bench.Owner.Key);
        Assert.Equal("artifact_wrong_length", (await _bench.PublishAsync())?.Code);
        Assert.Equal(1, (await _bench.ReadAsync()).Version);
    }

    [Fact]
    public async Task Draft_ThatDevicesWouldRefuse_IsNotTaken()
    {
        await _bench.BeginAsync();
        Assert.Equal("draft_older", (await _bench.PutAsync(_bench.Targets(1)))?.Code);
        Assert.Equal("draft_wrong", (await _bench.PutAsync(MetadataWriter.Targets(2, _bench.Time.GetUtcNow(), [])))?.Code);
        Assert.Equal("draft_older", (await _bench.PutAsync(_bench.Plan.Create()))?.Code);
        Assert.Equal("draft_older", (await _bench.PutAsync((_bench.Plan with { Version = 3 }).Create()))?.Code);
        Assert.Equal("draft_wrong", (await _bench.PutAsync((_bench.Plan with { Version = 2, Online = _bench.Owner.Key.Public }).Create()))?.Code);
        Assert.Equal("metadata_malformed", (await _bench.Repository.PutDraftAsync("targets", "{}"u8.ToArray(), null, Ct))?.Code);
        var release = Camera with { Custom = """{"messaging":{"kind":"agent"}}"""u8.ToArray() };
        Assert.Equal("draft_wrong", (await _bench.PutAsync(_bench.Targets(2, release)))?.Code);
        Assert.Null(_bench.Repository.DraftOf("targets"));
    }

    [Fact]
    public async Task Root_OfAnotherFleet_IsNotPublished()
    {
        using var thief = IdentityKey.Generate();
        Assert.Null(await _bench.PutAsync((_bench.Plan with { Root = new KeyRole(1, thief.Public) }).Create()));
        Assert.Null(await _bench.SignAsync("root", thief));
        Assert.Null(await _bench.PutAsync(_bench.Targets(1)));
        Assert.Null(await _bench.SignAsync("targets", _bench.Owner.Key));

        var problem = await _bench.PublishAsync();

        Assert.Equal("signatures_missing", problem?.Code);
        Assert.Contains("the fleet's root", problem!.Detail, StringComparison.Ordinal);
        Assert.False(_bench.Repository.Published.Exists);
    }

    [Fact]
    public async Task Root_WithOtherTargetsKeys_GoesOnlyWithTargetsThatTheseHaveSigned()
    {
        using var next = IdentityKey.Generate();
        await _bench.BeginAsync();
        var device = new ShownMetadata(_bench);
        await _bench.ReadAsync(device);
        Assert.Null(await _bench.PutAsync((_bench.Plan with { Version = 2, Targets = new KeyRole(1, next.Public) }).Create()));
        Assert.Null(await _bench.SignAsync("root", _bench.Owner.Root));

        var alone = await _bench.PublishAsync();
        Assert.Equal("would_be_refused", alone?.Code);
        Assert.Contains(nameof(TufFailure.NotSigned), alone!.Detail, StringComparison.Ordinal);
        Assert.Equal(1, _bench.Repository.Published.Plan!.Version);

        Assert.Null(await _bench.PutAsync(_bench.Targets(2)));
        Assert.Equal("not_a_signer", (await _bench.SignAsync("targets", _bench.Owner.Key))?.Code);
        Assert.Null(await _bench.SignAsync("targets", next));
        Assert.Null(await _bench.PublishAsync());
        Assert.Equal(2, (await _bench.ReadAsync(device)).Version);
        Assert.Equal(2, (await _bench.ReadAsync()).Version);
    }

    [Fact]
    public async Task Draft_ThatExpiredWhileItWaited_IsNotPublished()
    {
        await _bench.BeginAsync();
        await _bench.PutAsync(MetadataWriter.Targets(2, _bench.Time.GetUtcNow().AddDays(1), []));
        await _bench.SignAsync("targets", _bench.Owner.Key);
        _bench.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("draft_wrong", (await _bench.PublishAsync())?.Code);
    }
}
