using Messaging.Tests.Updates.Repository;
using Messaging.Updates;

namespace Messaging.Tests.Updates.Client;

/// <summary>What a client does when all is well, and what it keeps.</summary>
public sealed class TufClientTests
{
    private static readonly byte[] Content = "the new program"u8.ToArray();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task RefreshAndDownload_ANewRepository_GivesTheTarget(bool consistent, bool hashes)
    {
        var repository = new TestRepository(consistent, hashes);
        repository.AddTarget("targets", "agent/messaging agent.tar", Content);
        repository.Publish();
        var device = new TestDevice(repository);
        var client = device.Client();
        using var destination = new MemoryStream();

        await client.RefreshAsync(TestContext.Current.CancellationToken);
        var target = await client.FindAsync("agent/messaging agent.tar", TestContext.Current.CancellationToken);
        await client.DownloadAsync(target, destination, TestContext.Current.CancellationToken);

        Assert.Equal(Content, destination.ToArray());
        Assert.Equal(["root", "snapshot", "targets", "timestamp"], device.Kept.Keys.Order());
        Assert.Equal(
            consistent
                ? ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json", $"agent/{target.Hashes.Prefix}.messaging%20agent.tar"]
                : ["2.root.json", "timestamp.json", "snapshot.json", "targets.json", "agent/messaging%20agent.tar"],
            device.Asked);
        Assert.Equal(target.Length, device.MostBytes[device.Asked[^1]]);
    }

    [Fact]
    public async Task Refresh_NothingNew_AsksForRootAndTimestampAlone()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        device.Asked.Clear();

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["2.root.json", "timestamp.json"], device.Asked);
    }

    [Fact]
    public async Task Refresh_OtherTimestampOfTheSameVersion_KeepsTheOneItHas()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        var kept = device.Kept["timestamp"];
        repository.Timestamp["meta"]!["snapshot.json"]!["version"] = 100;
        repository.Sign("timestamp");

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Same(kept, device.Kept["timestamp"]);
        Assert.DoesNotContain("100.snapshot.json", device.Asked);
    }

    [Fact]
    public async Task Refresh_ChainOfRoots_IsFollowedOneByOne()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository);
        for (var i = 0; i < 3; i++)
        {
            var before = repository.Signers["root"][0];
            repository.Rotate("root");
            repository.Signers["root"].Add(before);
            repository.Bump("root");
            repository.Publish();
            repository.Signers["root"].Remove(before);
        }

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["2.root.json", "3.root.json", "4.root.json", "5.root.json"], device.Asked[..4]);
        Assert.Equal(repository.Metadata["4.root.json"], device.Kept["root"]);
    }

    [Fact]
    public async Task Refresh_MoreRootsThanItFollows_StopsAndGoesOnTheNextTime()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository) { Limits = new TufLimits { RootRotations = 2 } };
        for (var i = 0; i < 3; i++)
        {
            repository.Bump("root");
            repository.Publish();
        }

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(repository.Metadata["3.root.json"], device.Kept["root"]);

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(repository.Metadata["4.root.json"], device.Kept["root"]);
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    public async Task Refresh_KeysOfTheOnlineRolesRotated_ForgetsWhatTheySigned(string role)
    {
        var repository = new TestRepository();
        repository.Delegate("targets", "role", ["a/*"]);
        foreach (var one in new[] { "timestamp", "snapshot", "targets" })
        {
            repository.Signed[one]["version"] = 1_000_000;
        }

        repository.Publish();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        // The attacker who drove the versions up had the keys; the owner takes them back and starts anew.
        repository.Rotate(role);
        repository.Bump("root");
        foreach (var one in new[] { "timestamp", "snapshot", "targets" })
        {
            repository.Signed[one]["version"] = 2;
        }

        repository.Publish();
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(repository.Metadata["2.targets.json"], device.Kept["targets"]);
        Assert.Equal(repository.Metadata["timestamp.json"], device.Kept["timestamp"]);
    }

    [Fact]
    public async Task Refresh_KeyOfTheTimestampAddedOnly_StillRefusesARollback()
    {
        var repository = new TestRepository();
        repository.Publish();
        repository.PublishNext();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        repository.AddKey("timestamp");
        repository.Bump("root");
        repository.Timestamp["version"] = 1;
        repository.Sign("root");
        repository.Sign("timestamp");

        var thrown = await Assert.ThrowsAsync<TufException>(() => device.Client().RefreshAsync(TestContext.Current.CancellationToken));

        Assert.Equal(TufFailure.Rollback, thrown.Failure);
    }

    [Fact]
    public async Task Refresh_AfterPowerCutBetweenForgettingAndTheRoot_ForgetsAgain()
    {
        var repository = new TestRepository();
        repository.Publish();
        repository.PublishNext();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        var root = device.Kept["root"];
        repository.Rotate("timestamp");
        repository.Bump("root");
        repository.PublishNext();
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        device.Kept["root"] = root;
        device.Kept.Remove("timestamp");
        device.Kept.Remove("snapshot");

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(repository.Metadata["timestamp.json"], device.Kept["timestamp"]);
    }

    [Fact]
    public async Task Refresh_ExpiredFilesKept_AreReplacedByNewerOnes()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        device.Time.Advance(TimeSpan.FromDays(40));
        foreach (var one in repository.Signed.Values)
        {
            one["expires"] = "2027-06-01T00:00:00Z";
        }

        repository.Bump("root");
        repository.PublishNext();

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(repository.Metadata["2.targets.json"], device.Kept["targets"]);
    }

    [Fact]
    public async Task Refresh_KeptFilesDamaged_AreFetchedAgain()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository);
        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);
        foreach (var name in new[] { "timestamp", "snapshot", "targets" })
        {
            device.Kept[name] = [.. device.Kept[name][..^1]];
        }

        await device.Client().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(repository.Metadata["1.targets.json"], device.Kept["targets"]);
        Assert.Equal(repository.Metadata["1.snapshot.json"], device.Kept["snapshot"]);
        Assert.Equal(repository.Metadata["timestamp.json"], device.Kept["timestamp"]);
    }

    [Fact]
    public async Task Find_BeforeARefreshOrAfterAFailedOne_IsAnError()
    {
        var repository = new TestRepository();
        repository.Publish();
        var device = new TestDevice(repository);
        var client = device.Client();

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.FindAsync("a", TestContext.Current.CancellationToken));
        await client.RefreshAsync(TestContext.Current.CancellationToken);
        repository.Metadata.Remove("timestamp.json");
        await Assert.ThrowsAsync<TufException>(() => client.RefreshAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.FindAsync("a", TestContext.Current.CancellationToken));
    }
}
