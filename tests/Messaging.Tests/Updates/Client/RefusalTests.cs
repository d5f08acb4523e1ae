using System.Text;
using System.Text.Json.Nodes;
using Messaging.Tests.Updates.Repository;
using Messaging.Updates;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Client;

/// <summary>Each refusal by its name; what was trusted before stays so, and the next update succeeds when the repository is right again.</summary>
public sealed class RefusalTests
{
    private readonly TestRepository _repository = new();
    private readonly TestDevice _device;

    public RefusalTests()
    {
        _repository.AddTarget("targets", "a", "hello"u8.ToArray());
        _repository.Publish();
        _device = new TestDevice(_repository);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoRoot_NothingOrNotItsOwnIsKept()
    {
        var root = _device.Kept["root"];
        _device.Kept["root"] = Forged(root);
        await RefusedAsync(TufFailure.NoRoot, "root");
        _device.Kept["root"] = "{}"u8.ToArray();
        await RefusedAsync(TufFailure.NoRoot, "root");
        _device.Kept.Clear();
        await RefusedAsync(TufFailure.NoRoot, "root");

        Assert.Empty(_device.Asked);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task NotSigned_ByAnyKeyOfTheRole(string role)
    {
        var keys = _repository.Signers[role].ToArray();
        await TrustedAsync();
        _repository.Bump("root");
        _repository.Signers[role].Clear();
        _repository.Signers[role].Add(new TestKey());
        _repository.PublishNext();

        await RefusedAsync(TufFailure.NotSigned, role);

        _repository.Signers[role].Clear();
        _repository.Signers[role].AddRange(keys);
        await MendedAsync();
    }

    [Theory]
    [InlineData("root")]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task Threshold_OneOfTwoThatAreNeeded(string role)
    {
        await TrustedAsync();
        var second = _repository.AddKey(role);
        _repository.SetThreshold(role, 2);
        _repository.Signers[role].Remove(second);
        _repository.Bump("root");
        _repository.PublishNext();

        await RefusedAsync(TufFailure.Threshold, role);

        _repository.Signers[role].Add(second);
        await MendedAsync();
    }

    [Fact]
    public async Task Threshold_NextRootSignedByItsOwnKeysAlone_IsNotSignedByTheOldOnes()
    {
        _repository.Rotate("root");
        _repository.Bump("root");
        _repository.Publish();

        await RefusedAsync(TufFailure.NotSigned, "root");
    }

    [Fact]
    public async Task Threshold_OneKeyUnderTwoIds_CountsOnce()
    {
        await TrustedAsync();
        var key = _repository.Signers["timestamp"][0];
        var again = new JsonObject();
        foreach (var member in key.ToJson())
        {
            again[member.Key] = member.Value!.DeepClone();
        }

        // The same point in other white space and under the other name of its type.
        again["keytype"] = "ecdsa-sha2-nistp256";
        again["keyval"] = new JsonObject { ["public"] = key.Pem + "\n" };
        _repository.Root["keys"]!["other"] = again;
        _repository.Root["roles"]!["timestamp"]!["keyids"]!.AsArray().Add("other");
        _repository.SetThreshold("timestamp", 2);
        _repository.Bump("root");
        _repository.PublishNext();
        var file = JsonNode.Parse(_repository.Metadata["timestamp.json"])!;
        file["signatures"]!.AsArray().Add(new JsonObject { ["keyid"] = "other", ["sig"] = key.Sign(TestCanonical.Write(file["signed"])) });
        _repository.Metadata["timestamp.json"] = Encoding.UTF8.GetBytes(file.ToJsonString());

        await RefusedAsync(TufFailure.Threshold, "timestamp");
    }

    [Fact]
    public async Task Threshold_SignaturesOfUnknownKeysAndKindsAndNoneAtAll_AreNotCountedButDoNotHarm()
    {
        _repository.Root["keys"]!["new"] = TestKey.Json("mldsa", "mldsa-44", "00");
        _repository.Root["keys"]!["bad"] = TestKey.Json("ecdsa", "ecdsa-sha2-nistp256", "no PEM");
        foreach (var id in new[] { "new", "bad", "gone" })
        {
            _repository.Root["roles"]!["timestamp"]!["keyids"]!.AsArray().Add(id);
        }

        _repository.Bump("root");
        _repository.Publish();
        var file = JsonNode.Parse(_repository.Metadata["timestamp.json"])!;
        foreach (var (id, signature) in new[] { ("new", "00"), ("bad", "00"), ("gone", "00"), ("stranger", ""), ("other", "not hex") })
        {
            file["signatures"]!.AsArray().Insert(0, new JsonObject { ["keyid"] = id, ["sig"] = signature });
        }

        _repository.Metadata["timestamp.json"] = Encoding.UTF8.GetBytes(file.ToJsonString());

        await _device.Client().RefreshAsync(Stop);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task Freeze_Expired(string role)
    {
        await TrustedAsync();
        _repository.Bump("root");
        _repository.Expire(role);
        _repository.PublishNext();

        await RefusedAsync(TufFailure.Freeze, role);

        _repository.Signed[role]["expires"] = "2026-11-29T12:00:01Z";
        await MendedAsync();
    }

    [Fact]
    public async Task Freeze_NothingNewForTooLong()
    {
        await TrustedAsync();
        _repository.Root["expires"] = "2029-12-29T12:00:00Z";
        _repository.Bump("root");
        _repository.Sign("root");
        _device.Time.Advance(TimeSpan.FromDays(31));

        await RefusedAsync(TufFailure.Freeze, "timestamp");
    }

    [Fact]
    public async Task Freeze_TimePassesInTheMiddleOfAnUpdate_TheStartCounts()
    {
        _repository.Signed["targets"]["expires"] = "2026-11-29T12:00:01Z";
        _repository.Publish();
        _device.Instead["timestamp.json"] = () =>
        {
            _device.Time.Advance(TimeSpan.FromSeconds(30));
            return new MemoryStream(_repository.Metadata["timestamp.json"]);
        };

        await _device.Client().RefreshAsync(Stop);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Rollback_RootOfAnotherVersionThanTheNext(int version)
    {
        _repository.Root["version"] = version;
        _repository.Sign("root");
        _repository.Metadata["2.root.json"] = _repository.Metadata[$"{version}.root.json"];

        await RefusedAsync(TufFailure.Rollback, "root");
    }

    [Fact]
    public async Task Rollback_OlderTimestamp()
    {
        var old = _repository.Metadata["timestamp.json"];
        _repository.PublishNext();
        await TrustedAsync();
        _repository.Metadata["timestamp.json"] = old;

        await RefusedAsync(TufFailure.Rollback, "timestamp");
        await MendedAsync();
    }

    [Fact]
    public async Task Rollback_TimestampThatListsAnOlderSnapshot()
    {
        _repository.PublishNext();
        await TrustedAsync();
        _repository.Bump("timestamp");
        _repository.Timestamp["meta"]!["snapshot.json"]!["version"] = 1;
        _repository.Sign("timestamp");

        await RefusedAsync(TufFailure.Rollback, "timestamp");
        await MendedAsync();
    }

    [Fact]
    public async Task Rollback_SnapshotThatListsOlderTargets()
    {
        _repository.PublishNext();
        await TrustedAsync();
        _repository.Bump("snapshot");
        _repository.Bump("timestamp");
        _repository.Signed["targets"]["version"] = 1;
        _repository.Publish();

        await RefusedAsync(TufFailure.Rollback, "snapshot");

        _repository.Signed["targets"]["version"] = 2;
        await MendedAsync();
    }

    [Fact]
    public async Task Rollback_SnapshotThatListsARoleNoLonger()
    {
        _repository.Delegate("targets", "role", ["b/*"]);
        _repository.PublishNext();
        await TrustedAsync();
        _repository.Snapshot["meta"]!.AsObject().Remove("role.json");
        _repository.Bump("snapshot");
        _repository.Bump("timestamp");
        _repository.Timestamp["meta"]!["snapshot.json"] = new JsonObject { ["version"] = _repository.Version("snapshot") };
        _repository.Sign("snapshot");
        _repository.Sign("timestamp");

        await RefusedAsync(TufFailure.Rollback, "snapshot");
        await MendedAsync();
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task MixAndMatch_OfAnotherVersionThanIsListed(string role)
    {
        await TrustedAsync();
        var old = _repository.Metadata[_repository.FileOf(role)];
        _repository.Hashes = false;
        _repository.PublishNext();
        _repository.Metadata[_repository.FileOf(role)] = old;

        await RefusedAsync(TufFailure.MixAndMatch, role);
        await MendedAsync();
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task WrongHash_RightlySignedButAnotherFileThanIsListed(string role)
    {
        await TrustedAsync();
        _repository.PublishNext();
        while (_repository.Sign(role).Length != Listed(role))
        {
            // A signature is of another length now and then.
        }

        await RefusedAsync(TufFailure.WrongHash, role);
        await MendedAsync();
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task WrongLength_ShorterThanIsListed(string role)
    {
        await TrustedAsync();
        _repository.PublishNext();
        var name = _repository.FileOf(role);
        _repository.Metadata[name] = _repository.Metadata[name][..^1];

        await RefusedAsync(TufFailure.WrongLength, role);
        await MendedAsync();
    }

    [Theory]
    [InlineData("root", "2.root.json", 65_536)]
    [InlineData("timestamp", "timestamp.json", 16_384)]
    [InlineData("snapshot", "1.snapshot.json", 0)]
    [InlineData("targets", "1.targets.json", 0)]
    public async Task EndlessData_NoMoreIsReadThanIsListedOrAllowed(string role, string name, int limit)
    {
        using var endless = new EndlessStream();
        _device.Instead[name] = () => endless;

        await RefusedAsync(TufFailure.EndlessData, role);

        Assert.InRange(endless.Sent, 1, (limit > 0 ? limit : Listed(role)) + 1);
        _device.Instead.Clear();
        await MendedAsync();
    }

    [Fact]
    public async Task EndlessData_MoreIsListedThanIsAllowed()
    {
        _device.Limits = new TufLimits { TargetsBytes = 100 };

        await RefusedAsync(TufFailure.EndlessData, "targets");

        Assert.DoesNotContain("1.targets.json", _device.Asked);
    }

    [Theory]
    [InlineData("root", "2.root.json")]
    [InlineData("timestamp", "timestamp.json")]
    [InlineData("snapshot", "1.snapshot.json")]
    [InlineData("targets", "1.targets.json")]
    public async Task Slow_NothingComes(string role, string name)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _device.Instead[name] = () =>
        {
            asked.SetResult();
            return new EndlessStream(silent: true);
        };
        var refused = RefusedAsync(TufFailure.Slow, role);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);

        _device.Time.Advance(_device.Limits.Patience);

        await refused;
        _device.Instead.Clear();
        await MendedAsync();
    }

    [Fact]
    public async Task Stop_ByTheCaller_IsNoRefusal()
    {
        using var stop = new CancellationTokenSource();
        _device.Instead["timestamp.json"] = () =>
        {
            stop.Cancel();
            return new EndlessStream(silent: true);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _device.Client().RefreshAsync(stop.Token));
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task Missing_TheRepositoryDoesNotHaveIt(string role)
    {
        await TrustedAsync();
        _repository.PublishNext();
        _repository.Metadata.Remove(_repository.FileOf(role));

        await RefusedAsync(TufFailure.Missing, role);
        await MendedAsync();
    }

    [Theory]
    [InlineData("root", "2.root.json")]
    [InlineData("timestamp", "timestamp.json")]
    public async Task Malformed_NoMetadata(string role, string name)
    {
        _device.Instead[name] = static () => new MemoryStream("<html>Please sign in</html>"u8.ToArray());

        await RefusedAsync(TufFailure.Malformed, role);
        _device.Instead.Clear();
        await MendedAsync();
    }

    [Fact]
    public async Task Malformed_OfAnotherRole_ThoughItsKeysHaveSigned()
    {
        // A snapshot that could be read as a timestamp, signed by the timestamp's key too.
        _repository.Signers["snapshot"].AddRange(_repository.Signers["timestamp"]);
        _repository.Snapshot["meta"] = new JsonObject { ["snapshot.json"] = new JsonObject { ["version"] = 1 } };
        _repository.Bump("snapshot");
        _repository.Metadata["timestamp.json"] = _repository.Sign("snapshot");

        await RefusedAsync(TufFailure.Malformed, "timestamp");
    }

    [Fact]
    public async Task AnyByteChanged_InAnyFile_IsRefused()
    {
        _repository.Bump("root");
        _repository.Publish();
        var kept = new Dictionary<string, byte[]>(_device.Kept, StringComparer.Ordinal);
        foreach (var name in new[] { "2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json" })
        {
            var file = _repository.Metadata[name];
            for (var i = 0; i < file.Length; i++)
            {
                byte[] changed = [.. file];
                changed[i] ^= (byte)(1 << (i % 8));
                _repository.Metadata[name] = changed;
                var thrown = await Record.ExceptionAsync(() => _device.Client().RefreshAsync(Stop));
                Assert.True(thrown is TufException, $"{name}, byte {i} ('{(char)file[i]}' to '{(char)changed[i]}'): {thrown?.ToString() ?? "accepted"}");
                Restore(kept);
            }

            _repository.Metadata[name] = file;
        }

        await _device.Client().RefreshAsync(Stop);
    }

    private static byte[] Forged(byte[] file) => Encoding.UTF8.GetBytes(
        Encoding.UTF8.GetString(file).Replace("2026-12-29", "2036-12-29", StringComparison.Ordinal));

    private long Listed(string role) => (role == "snapshot" ? _repository.Timestamp : _repository.Snapshot)["meta"]![role + ".json"]!["length"]!.GetValue<int>();

    private void Restore(Dictionary<string, byte[]> kept)
    {
        _device.Kept.Clear();
        foreach (var one in kept)
        {
            _device.Kept[one.Key] = one.Value;
        }
    }

    private Task TrustedAsync() => _device.Client().RefreshAsync(Stop);

    private async Task RefusedAsync(TufFailure failure, string file)
    {
        var before = new Dictionary<string, byte[]>(_device.Kept, StringComparer.Ordinal);

        var thrown = await Assert.ThrowsAsync<TufException>(() => _device.Client().RefreshAsync(Stop));

        Assert.True(thrown.Failure == failure && thrown.File == file, $"{thrown.Failure}, {thrown.Message}");
        var isRootKept = failure == TufFailure.Freeze && file == "root";
        Assert.True(
            isRootKept || _device.Kept.GetValueOrDefault(file) == before.GetValueOrDefault(file), $"{file} was replaced by what was refused.");
    }

    private async Task MendedAsync()
    {
        // After the root that is trusted, and in place of one that was refused.
        _repository.Root["version"] = RootMetadata.Parse(_device.Kept["root"]).Version + 1;
        _repository.PublishNext();
        await _device.Client().RefreshAsync(Stop);
        foreach (var role in new[] { "root", "timestamp", "snapshot", "targets" })
        {
            Assert.Equal(_repository.Metadata[_repository.FileOf(role)], _device.Kept[role]);
        }
    }
}
