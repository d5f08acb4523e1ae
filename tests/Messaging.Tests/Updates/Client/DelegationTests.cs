using System.Security.Cryptography;
using System.Text;
using Messaging.Tests.Updates.Repository;
using Messaging.Updates;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Client;

public sealed class DelegationTests
{
    private static readonly byte[] Content = "hello"u8.ToArray();

    private readonly TestRepository _repository = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_Roles_AreAskedInPreOrder()
    {
        _repository.Delegate("targets", "a", ["*"]);
        _repository.Delegate("targets", "b", ["*"]);
        _repository.Delegate("a", "c", ["*"]);
        _repository.Delegate("a", "d", ["x*"]);
        _repository.Delegate("c", "a", ["*"]);
        _repository.Delegate("b", "c", ["*"]);

        Assert.Equal(["1.a.json", "1.c.json", "1.b.json"], await NotFoundAsync("file"));
    }

    [Fact]
    public async Task Find_TerminatingRole_IsTheLastWithItsOwn()
    {
        _repository.Delegate("targets", "a", ["*"]);
        _repository.Delegate("targets", "b", ["*"]);
        _repository.Delegate("a", "c", ["*"], terminating: true);
        _repository.Delegate("a", "d", ["*"]);
        _repository.Delegate("c", "e", ["*"]);

        Assert.Equal(["1.a.json", "1.c.json", "1.e.json"], await NotFoundAsync("file"));
    }

    [Fact]
    public async Task Find_TerminatingRoleOfOtherTargets_IsPassedOver()
    {
        _repository.Delegate("targets", "a", ["x/*"], terminating: true);
        _repository.Delegate("targets", "b", ["*"]);

        Assert.Equal(["1.b.json"], await NotFoundAsync("file"));
    }

    [Fact]
    public async Task Find_EarlierRole_OutranksALaterOne()
    {
        _repository.Delegate("targets", "a", ["*"]);
        _repository.Delegate("targets", "b", ["*"]);
        _repository.AddTarget("b", "file", "other"u8.ToArray());
        _repository.AddTarget("a", "file", Content);

        Assert.Equal(Content.Length, (await FindAsync("file")).Length);
    }

    [Fact]
    public async Task Find_TargetOutsideOfTheDelegatedPaths_IsNotBelieved()
    {
        _repository.Delegate("targets", "a", ["a/*"]);
        _repository.Delegate("a", "b", ["*/*"]);
        _repository.AddTarget("a", "b/file", Content);
        _repository.AddTarget("b", "c/file", Content);

        Assert.Empty(await NotFoundAsync("b/file"));
        Assert.Empty(await NotFoundAsync("c/file"));
    }

    [Fact]
    public async Task Find_HashPrefixes_DivideTargets()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("dir/file")));
        _repository.Delegate("targets", "wrong", [hash[..2] + (hash[2] == '0' ? "1" : "0")], member: "path_hash_prefixes");
        _repository.Delegate("targets", "right", ["ff0", hash[..3]], member: "path_hash_prefixes");
        _repository.AddTarget("right", "dir/file", Content);
        _repository.Publish();
        var device = new TestDevice(_repository);
        var client = device.Client();
        await client.RefreshAsync(Stop);

        Assert.Equal(Content.Length, (await client.FindAsync("dir/file", Stop)).Length);
        Assert.DoesNotContain("1.wrong.json", device.Asked);
    }

    [Fact]
    public async Task Find_MoreRolesThanItVisits_IsNotFound()
    {
        for (var i = 0; i < 10; i++)
        {
            _repository.Delegate("targets", $"role{i}", ["*"]);
        }

        _repository.AddTarget("role9", "file", Content);

        Assert.Equal(["1.role0.json", "1.role1.json", "1.role2.json"], await NotFoundAsync("file", new TufLimits { VisitedRoles = 4 }));
    }

    [Fact]
    public async Task Find_RoleThatTheSnapshotDoesNotList_EndsTheSearch()
    {
        _repository.Delegate("targets", "a", ["*"]);
        _repository.Publish();
        _repository.Snapshot["meta"]!.AsObject().Remove("a.json");
        _repository.Hashes = false;
        _repository.Timestamp["meta"]!["snapshot.json"] = new System.Text.Json.Nodes.JsonObject { ["version"] = 1 };
        _repository.Sign("snapshot");
        _repository.Sign("timestamp");
        var client = new TestDevice(_repository).Client();
        await client.RefreshAsync(Stop);

        Assert.Equal(TufFailure.Missing, (await Assert.ThrowsAsync<TufException>(() => client.FindAsync("file", Stop))).Failure);
    }

    [Fact]
    public async Task Find_RoleThatWasRightByOnePath_IsVerifiedAgainByAnother()
    {
        _repository.Delegate("targets", "a", ["a/*"]);
        _repository.Delegate("targets", "b", ["b/*"]);
        _repository.Delegate("a", "shared", ["a/*"]);
        var fromB = _repository.Delegate("b", "shared", ["b/*"]);
        var other = new TestKey();
        _repository.Signed["b"]["delegations"]!["keys"]![other.Id] = other.ToJson();
        fromB["keyids"] = new System.Text.Json.Nodes.JsonArray(other.Id);
        _repository.AddTarget("shared", "a/file", Content);
        _repository.AddTarget("shared", "b/file", Content);
        _repository.Publish();
        var client = new TestDevice(_repository).Client();
        await client.RefreshAsync(Stop);

        Assert.Equal("a/file", (await client.FindAsync("a/file", Stop)).Path);
        Assert.Equal(TufFailure.NotSigned, (await Assert.ThrowsAsync<TufException>(() => client.FindAsync("b/file", Stop))).Failure);
    }

    [Fact]
    public async Task Find_AnyByteOfADelegatedFileChanged_IsRefused()
    {
        _repository.Hashes = false;
        _repository.Delegate("targets", "a", ["*"]);
        _repository.AddTarget("a", "file", Content);
        _repository.Publish();
        var device = new TestDevice(_repository);
        var client = device.Client();
        await client.RefreshAsync(Stop);
        var file = _repository.Metadata["1.a.json"];
        for (var i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= (byte)(1 << (i % 7));
            _repository.Metadata["1.a.json"] = changed;
            var thrown = await Record.ExceptionAsync(() => client.FindAsync("file", Stop));
            Assert.True(thrown is TufException, $"byte {i} ('{(char)file[i]}' to '{(char)changed[i]}'): {thrown?.ToString() ?? "accepted"}");
        }

        _repository.Metadata["1.a.json"] = file;
        await client.FindAsync("file", Stop);
        Assert.Equal(file, device.Kept["a"]);
    }

    [Theory]
    [InlineData("../a", "..%2Fa")]
    [InlineData("a/b?#%", "a%2Fb%3F%23%25")]
    public async Task Find_RoleWithAnyName_IsKeptUnderAHarmlessOne(string role, string name)
    {
        _repository.Delegate("targets", role, ["*"]);
        _repository.AddTarget(role, "file", Content);
        _repository.Publish();
        var device = new TestDevice(_repository);
        var client = device.Client();
        await client.RefreshAsync(Stop);

        await client.FindAsync("file", Stop);

        Assert.Contains($"1.{name}.json", device.Asked);
        Assert.Contains(name, device.Kept.Keys);
    }

    private async Task<TargetFile> FindAsync(string path)
    {
        _repository.Publish();
        var client = new TestDevice(_repository).Client();
        await client.RefreshAsync(Stop);
        return await client.FindAsync(path, Stop);
    }

    private async Task<List<string>> NotFoundAsync(string path, TufLimits? limits = null)
    {
        _repository.Publish();
        var device = new TestDevice(_repository) { Limits = limits ?? new TufLimits() };
        var client = device.Client();
        await client.RefreshAsync(Stop);
        device.Asked.Clear();
        Assert.Equal(TufFailure.UnknownTarget, (await Assert.ThrowsAsync<TufException>(() => client.FindAsync(path, Stop))).Failure);
        return device.Asked;
    }
}
