using System.Net;
using System.Security.Cryptography;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.State;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Updates.Deltas;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Tests.Updates;

/// <summary>What a device does with repositories, mirrors and assignments that are not as they should be.</summary>
public sealed class UpdateRunTests : IDisposable
{
    private const string Target = "app/1.1.0/app.tar";
    private readonly byte[] _artifact = RandomNumberGenerator.GetBytes(100_000);
    private readonly TestReleases _releases = new();
    private readonly FaultDisk _disk = new();

    public UpdateRunTests() => UpdateWorld.Prepare(_disk);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _releases.Dispose();

    [Fact]
    public async Task Update_ThatWorks_GoesThroughEachStateInOrder()
    {
        var world = World();

        var result = await world.RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);

        Assert.Equal((CommandState.Done, "app 1.1.0 is installed."), (result.State, result.Message));
        Assert.Equal((UpdateState.Committed, "", result.Message), Assert.Single(world.Receipts));
        Assert.Equal(["download", "verify", "install", "switch", "commit", "cleanup"], world.Hooks.Called);
        Assert.Equal(
            [UpdateState.Assigned, UpdateState.Downloading, UpdateState.Verifying, UpdateState.Staged, UpdateState.Switching, UpdateState.Booted, UpdateState.Checking, UpdateState.Committed],
            world.Told.Select(one => one.State).Distinct());
        Assert.DoesNotContain(_disk.List("state/updates"), name => name is "content" or "fetched");
        Assert.Empty(_disk.List("root/updates"));
    }

    [Fact]
    public async Task Parameters_OfTheRelease_AreThereForEachVerb()
    {
        var world = World();

        await world.RunAsync(Add("1.1.0", 2, parts => parts.Parameters = [new("engine", "podman"), new("run", "-p 80:80")]), isFollowed: false, Ct);

        Assert.Equal(6, world.Hooks.Parameters.Count);
        Assert.All(world.Hooks.Parameters, one => Assert.Equal("engine=podman\nrun=-p 80:80\n", one.Value));
    }

    [Fact]
    public async Task Update_OfTheSameOrAnOlderCounter_IsRefused()
    {
        await World().RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);
        var again = World();

        await again.RunAsync(_releases.Add("app/1.2.0/app.tar", _artifact, ReleaseWriter.Write(TestReleases.Tree("1.2.0", 2))), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.Older), Outcome(again));
        Assert.Empty(again.Hooks.Called);
    }

    [Fact]
    public async Task Update_ForOtherHardware_OrWithoutWhatItNeeds_IsRefused()
    {
        var (other, needing) = (World(), World());
        Assert.True(SemanticVersion.TryParse("3.0.0", out var version));

        await other.RunAsync(Add("1.1.0", 2, parts => parts.Hardware = ["linux-z80"]), isFollowed: false, Ct);
        await needing.RunAsync(Add("1.1.0", 2, parts => parts.Requires = [new Release.Requirement("base", version)]), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.WrongHardware), Outcome(other));
        Assert.Equal((UpdateState.Failed, UpdateReasons.RequirementMissing), Outcome(needing));
    }

    /// <summary>The trimmed build ends with a segmentation fault in the unit of the native one; the native one runs in either, and what does not say which it is may be it.</summary>
    [Theory]
    [InlineData("agent", Release.TrimmedBuild, true, UpdateReasons.WrongBuild)]
    [InlineData("agent", Release.TrimmedBuild, false, UpdateReasons.UnsupportedKind)]
    [InlineData("agent", Release.NativeBuild, true, UpdateReasons.UnsupportedKind)]
    [InlineData("agent", Release.NativeBuild, false, UpdateReasons.UnsupportedKind)]
    [InlineData("agent", null, true, UpdateReasons.UnsupportedKind)]
    [InlineData("tree", Release.TrimmedBuild, true, "")]
    public async Task Update_OfTheOtherBuildOfTheAgent_IsRefusedWhereItWouldNotStart(string kind, string? build, bool isForbidden, string reason)
    {
        // There is no hook for agents here: what comes as far as the helper is refused by it.
        var world = new UpdateWorld(_disk, _releases) { IsCodeForbidden = isForbidden, Kinds = ["tree", "agent"] };

        await world.RunAsync(Add("1.1.0", 2, parts => (parts.Kind, parts.Build) = (kind, build)), isFollowed: false, Ct);

        Assert.Equal((reason.Length == 0 ? UpdateState.Committed : UpdateState.Failed, reason), Outcome(world));
        Assert.Equal(reason.Length == 0, _releases.Asked.Exists(static path => path.StartsWith("targets/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Assignment_OfSomethingElseThanTheRepositoryHas_IsRefused()
    {
        var world = World();
        var assigned = Add("1.1.0", 2);
        _releases.Add(Target, RandomNumberGenerator.GetBytes(_artifact.Length), ReleaseWriter.Write(TestReleases.Tree("1.1.0", 3)));

        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.NotAssignedSo), Outcome(world));
        Assert.DoesNotContain(_releases.Asked, path => path.StartsWith("targets/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bytes", "tuf-wrong-hash")]
    [InlineData("short", "tuf-wrong-length")]
    [InlineData("endless", "tuf-endless-data")]
    [InlineData("missing", "tuf-missing")]
    [InlineData("error", "deadline")]
    public async Task Mirror_ThatLies_IsRefusedByName(string how, string reason)
    {
        var world = World();
        var assigned = Add("1.1.0", 2);
        _releases.Answer = path => !path.StartsWith("targets/", StringComparison.Ordinal) ? null : how switch
        {
            "bytes" => Content([.. _artifact[..^1], (byte)~_artifact[^1]]),
            "short" => Content(_artifact[..^1]),
            "endless" => new HttpResponseMessage { Content = new StreamContent(new EndlessStream()) },
            "missing" => new HttpResponseMessage(HttpStatusCode.NotFound),
            _ => new HttpResponseMessage(HttpStatusCode.InternalServerError),
        };

        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, reason), Outcome(world));
        Assert.DoesNotContain("install", world.Hooks.Called);
        Assert.DoesNotContain(_disk.List("state/updates"), name => name is "content" or "fetched");
    }

    [Fact]
    public async Task Mirror_ThatLies_IsPassedOverForOneThatDoesNot()
    {
        var world = World(new UpdateOptions { Installed = UpdateWorld.Root, Mirrors = $"http://liar.test,{TestReleases.Address}", KeepFree = 0 });
        var assigned = Add("1.1.0", 2);
        var first = true;
        _releases.Answer = path => first && !(first = !path.StartsWith("targets/", StringComparison.Ordinal)) ? Content(new byte[_artifact.Length]) : null;

        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Committed, ""), Outcome(world));
    }

    /// <summary>What a mirror brought that was too short is counted, and comes again from the fleet.</summary>
    [Fact]
    public async Task Bytes_OfMirrorsAndOfTheFleet_AreCountedApart()
    {
        var assigned = Add("1.1.0", 2);
        var world = new UpdateWorld(_disk, _releases) { Homes = ["http://home.test"], Options = new UpdateOptions { Installed = UpdateWorld.Root, Mirrors = "http://mirror.test,http://home.test", KeepFree = 0 } };
        var first = true;
        _releases.Answer = path => path.StartsWith("targets/", StringComparison.Ordinal) && first && !(first = false) ? Content(_artifact[..40_000]) : null;

        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Committed, ""), Outcome(world));
        Assert.Equal(new FetchedBytes(0, 40_000, 100_000), new UpdateStore(_disk, "state/updates").Last!.Fetched);
    }

    [Fact]
    public async Task Repository_OfAnotherFleet_IsRefused()
    {
        using var others = new TestReleases();
        var world = new UpdateWorld(_disk, others) { Trust = () => _releases.Trust };

        await world.RunAsync(others.Add(Target, _artifact, ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2))), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, "tuf-no-root"), Outcome(world));
        Assert.False(_disk.Exists("state/updates/metadata/root.json"));
    }

    [Fact]
    public async Task Metadata_OfBefore_IsRefused()
    {
        var old = new Dictionary<string, byte[]>(_releases.Files, StringComparer.Ordinal);
        await World().RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);
        var world = World();
        var assigned = _releases.Add("app/1.2.0/app.tar", _artifact, ReleaseWriter.Write(TestReleases.Tree("1.2.0", 3)));
        _releases.Answer = path => path.StartsWith("metadata/", StringComparison.Ordinal) && old.TryGetValue(path, out var bytes) ? Content(bytes) : null;

        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, "tuf-rollback"), Outcome(world));
    }

    [Fact]
    public async Task Download_ThatIsInterrupted_GoesOnWhereItWas()
    {
        var world = World();
        var assigned = Add("1.1.0", 2);
        var first = true;
        _releases.Answer = path => first && !(first = !path.StartsWith("targets/", StringComparison.Ordinal))
            ? new HttpResponseMessage { Content = new StreamContent(new BrokenStream(_artifact[..60_000])) }
            : null;

        await world.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Committed, ""), Outcome(world));
        Assert.Equal(2, _releases.Asked.Count(path => path.StartsWith("targets/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task EncryptedRelease_NeedsItsKey()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var sealedBytes = Seal(_artifact, key, Target);
        var assigned = _releases.Add(Target, sealedBytes, ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2, parts => (parts.IsEncrypted, parts.Content) = (true, _artifact))));
        var (without, wrong, right) = (World(), World(), World());

        await without.RunAsync(assigned, isFollowed: false, Ct);
        await wrong.RunAsync(With(assigned, RandomNumberGenerator.GetBytes(32)), isFollowed: false, Ct);
        await right.RunAsync(With(assigned, key), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.BadKey), Outcome(without));
        Assert.Equal((UpdateState.Failed, UpdateReasons.BadKey), Outcome(wrong));
        Assert.Equal((UpdateState.Committed, ""), Outcome(right));
    }

    [Fact]
    public async Task Update_ThatIsCancelled_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var world = World();
        world.Cancelled = cancel.Token;
        _releases.Answer = path =>
        {
            if (path.StartsWith("targets/", StringComparison.Ordinal))
            {
                cancel.Cancel();
            }

            return null;
        };

        var result = await world.RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);

        Assert.Equal(CommandState.Failed, result.State);
        Assert.Equal((UpdateState.Failed, UpdateReasons.Cancelled), Outcome(world));
        Assert.DoesNotContain(_disk.List("state/updates"), name => name is "content" or "fetched");
    }

    [Theory]
    [InlineData("download", 69, UpdateState.Failed, "unsupported-kind")]
    [InlineData("verify", 1, UpdateState.Failed, "hook-failed")]
    [InlineData("install", 1, UpdateState.Failed, "hook-failed")]
    [InlineData("switch", 1, UpdateState.Reverted, "hook-failed")]
    public async Task Hook_ThatFails_LeavesWhatWasThere(string verb, int code, UpdateState outcome, string reason)
    {
        var world = new UpdateWorld(_disk, _releases) { Hooks = new FakeHooks(_disk, UpdateWorld.Root) { Fails = { [verb] = code } } };

        await world.RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);

        Assert.Equal((outcome, reason), Outcome(world));
        Assert.Contains(verb, world.Receipts[0].Detail, StringComparison.Ordinal);
        Assert.Equal("old", FakeHooks.Current(_disk, UpdateWorld.Root));
    }

    [Fact]
    public async Task Update_WhoseRecordIsLost_EndsByWhatTheHelperKnows()
    {
        using var stop = new CancellationTokenSource();
        var assigned = Add("1.1.0", 2);
        var world = new UpdateWorld(_disk, _releases);
        var stopped = new UpdateWorld(_disk, _releases)
        {
            Id = world.Id,
            Ask = async request =>
            {
                var answer = await world.DoAsync(request);
                if (request.Verb == UpdateVerb.Switch)
                {
                    await stop.CancelAsync();
                }

                return answer;
            },
        };
        stopped.Attach(world);
        Assert.Equal(CommandState.Running, (await stopped.RunAsync(assigned, isFollowed: false, stop.Token)).State);
        _disk.Delete("state/updates/update");

        await world.RunAsync(assigned, isFollowed: true, Ct);

        Assert.Equal("1.1.0", FakeHooks.Current(_disk, UpdateWorld.Root));
        Assert.Equal(UpdateState.Committed, Assert.Single(world.Receipts).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delta_FromWhatIsInstalled_IsFetchedInstead_AndTheWholeWhenItIsNoGood(bool isDamaged)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(UpdateWorld.Agent));
        Directory.CreateDirectory(folder.File(UpdateWorld.Root));
        var (first, second) = (new UpdateWorld(PhysicalDisk.Instance, _releases, folder.Path), new UpdateWorld(PhysicalDisk.Instance, _releases, folder.Path));
        await first.RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);
        var assigned = await AddDeltaAsync(folder, isDamaged);
        _releases.Asked.Clear();

        await second.RunAsync(assigned, isFollowed: false, Ct);

        Assert.Equal((UpdateState.Committed, ""), Outcome(second));
        Assert.Equal("1.2.0", FakeHooks.Current(PhysicalDisk.Instance, folder.File(UpdateWorld.Root)));
        var targets = _releases.Asked.Where(path => path.StartsWith("targets/", StringComparison.Ordinal)).ToList();
        Assert.EndsWith("from-1.1.0.delta", targets[0], StringComparison.Ordinal);
        Assert.Equal(isDamaged ? 2 : 1, targets.Count);
    }

    [Fact]
    public async Task Delta_FromWhatWasLaidDownWithTheDevice_IsFetched()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(UpdateWorld.Agent));
        var state = Directory.CreateDirectory(Path.Combine(folder.File(UpdateWorld.Root), "state", "app"));
        await File.WriteAllBytesAsync(Path.Combine(state.FullName, "artifact"), _artifact, Ct);
        var world = new UpdateWorld(PhysicalDisk.Instance, _releases, folder.Path);

        await world.RunAsync(await AddDeltaAsync(folder), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Committed, ""), Outcome(world));
        Assert.EndsWith("from-1.1.0.delta", Assert.Single(_releases.Asked, path => path.StartsWith("targets/", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_SaysWhatItWouldDo_AndDoesNothing()
    {
        var (good, bad) = (new UpdateWorld(_disk, _releases) { IsDryRun = true }, new UpdateWorld(_disk, _releases) { IsDryRun = true });

        var would = await good.RunAsync(Add("1.1.0", 2), isFollowed: false, Ct);
        var not = await bad.RunAsync(Add("1.1.0", 2, parts => parts.Hardware = ["linux-z80"]), isFollowed: false, Ct);

        Assert.Equal((CommandState.Done, "It would install app 1.1.0, and fetch 100000 bytes."), (would.State, would.Message));
        Assert.Equal(CommandState.Failed, not.State);
        Assert.Contains(UpdateReasons.WrongHardware, not.Message, StringComparison.Ordinal);
        Assert.Empty(good.Receipts.Concat(bad.Receipts));
        Assert.DoesNotContain(_releases.Asked, path => path.StartsWith("targets/", StringComparison.Ordinal));
        Assert.Empty(_disk.List("root/updates"));
    }

    /// <summary>Release 1.2.0, with a delta from the artifact of all others.</summary>
    private async Task<UpdateArguments> AddDeltaAsync(TemporaryFolder folder, bool isDamaged = false)
    {
        byte[] next = [.. _artifact[..50_000], .. "something new"u8, .. _artifact[50_000..]];
        await File.WriteAllBytesAsync(folder.File("old"), _artifact, Ct);
        await File.WriteAllBytesAsync(folder.File("new"), next, Ct);
        using var delta = new MemoryStream();
        await DeltaWriter.WriteAsync(folder.File("old"), folder.File("new"), delta, stop: Ct);
        var bytes = delta.ToArray();
        bytes[^1] ^= (byte)(isDamaged ? 1 : 0);
        _releases.Add("app/1.2.0/from-1.1.0.delta", bytes, ReleaseWriter.Delta());
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(_artifact));
        return _releases.Add(
            "app/1.2.0/app.tar", next, ReleaseWriter.Write(TestReleases.Tree("1.2.0", 3, parts => parts.Deltas = [new Release.DeltaSource(sha256, "app/1.2.0/from-1.1.0.delta")])));
    }

    private static HttpResponseMessage Content(byte[] bytes) => new() { Content = new ByteArrayContent(bytes) };

    private static (UpdateState Outcome, string Reason) Outcome(UpdateWorld world) => Assert.Single(world.Receipts) is var one ? (one.Outcome, one.Reason) : default;

    private static UpdateArguments With(UpdateArguments assigned, byte[] key) => new() { Target = assigned.Target, Length = assigned.Length, Sha256 = assigned.Sha256, Key = key };

    private static byte[] Seal(byte[] content, byte[] key, string target)
    {
        var sealedBytes = new byte[ContentCipher.SealedLength(content.Length)];
        using var cipher = new ContentCipher(key, target);
        for (var (from, to) = (0, 0); from < content.Length; from += ContentCipher.PieceBytes, to += ContentCipher.PieceBytes + ContentCipher.TagBytes)
        {
            var piece = content.AsSpan(from, Math.Min(ContentCipher.PieceBytes, content.Length - from));
            cipher.Seal(piece, from + piece.Length == content.Length, sealedBytes.AsSpan(to));
        }

        return sealedBytes;
    }

    private UpdateWorld World(UpdateOptions? options = null) => options is null ? new UpdateWorld(_disk, _releases) : new UpdateWorld(_disk, _releases) { Options = options };

    private UpdateArguments Add(string version, long counter, Action<TestReleases.ReleaseParts>? change = null) =>
        _releases.Add(Target, _artifact, ReleaseWriter.Write(TestReleases.Tree(version, counter, change)));

    private sealed class EndlessStream : ReadingStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;
    }

    private sealed class BrokenStream(byte[] bytes) : ReadingStream
    {
        private int _at;

        public override int Read(Span<byte> buffer)
        {
            if (_at == bytes.Length)
            {
                throw new IOException("the connection broke");
            }

            var count = Math.Min(buffer.Length, bytes.Length - _at);
            bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }

    private abstract class ReadingStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
