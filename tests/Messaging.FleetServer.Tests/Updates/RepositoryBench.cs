using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Updates;
using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Metadata;
using Messaging.Trust;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>The repository of a fleet that an owner has taken over, on real files, and a device that reads it.</summary>
internal sealed class RepositoryBench : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 30, 5, 0, 0, TimeSpan.Zero);
    public static readonly byte[] Content = "a program"u8.ToArray();
    private readonly FleetKeys _keys;
    private readonly TrustService _trust;
    private readonly ArtifactStore _artifacts;
    private readonly OnlineKey _online;

    private RepositoryBench(ScratchFolder folder)
    {
        Folder = folder;
        _keys = FleetKeys.Open(folder["keys"]);
        _trust = new TrustService(_keys, folder["keys"], Time);
        _artifacts = new ArtifactStore(Path.Combine(folder["repository"], "artifacts"));
        _online = OnlineKey.Open(folder["keys"]);
        Repository = Open();
        Status = new RepositoryStatus(Repository, _artifacts, _trust, Limits, Time);
    }

    public ScratchFolder Folder { get; }

    public FakeTimeProvider Time { get; } = new(Start);

    public FleetOwner Owner { get; } = new();

    public RepositoryLimits Limits { get; } = new() { KeptVersions = 3 };

    public UpdateRepository Repository { get; private set; }

    public RepositoryStatus Status { get; private set; }

    /// <summary>The root that the owner makes.</summary>
    public RootPlan Plan => new(1, Time.GetUtcNow().AddDays(365), new KeyRole(1, Owner.Root.Public), new KeyRole(1, Owner.Key.Public), Repository.Online.Public);

    public static async Task<RepositoryBench> CreateAsync()
    {
        var bench = new RepositoryBench(new ScratchFolder());
        Assert.Equal(TrustVerdict.Applied, await bench._trust.TakeAsync(bench.Owner.TakeOver(bench._trust.Trust), TestContext.Current.CancellationToken));
        return bench;
    }

    public static TargetEntry Entry(byte[] content, string path = "camera/1.0.0/any/camera.tar") => new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), default);

    public RepositoryFolder Files() => new(Path.Combine(Folder["repository"], "metadata"));

    /// <summary>The server is started again, on the same files and key or on those of a test.</summary>
    public UpdateRepository Open(IRepositoryFiles? files = null, OnlineKey? online = null)
    {
        Repository?.Dispose();
        Repository = new UpdateRepository(files ?? Files(), _artifacts, online ?? _online, _trust, Limits, Time, NullLogger<UpdateRepository>.Instance);
        Status = new RepositoryStatus(Repository, _artifacts, _trust, Limits, Time);
        return Repository;
    }

    /// <summary>As if it had been uploaded.</summary>
    public void Store(byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        using (var part = _artifacts.OpenPart(sha256, anew: true))
        {
            part.Write(content);
        }

        _artifacts.Finish(sha256);
    }

    public TufDocument Targets(long version, params TargetEntry[] entries) => MetadataWriter.Targets(version, Time.GetUtcNow().AddDays(365), entries);

    public Task<ApiProblem?> PutAsync(TufDocument document) =>
        Repository.PutDraftAsync(document.Role, document.EncodeContent(), Repository.DraftOf(document.Role)?.Document.Digest, TestContext.Current.CancellationToken);

    public Task<ApiProblem?> SignAsync(string role, IdentityKey key)
    {
        var draft = Repository.DraftOf(role)!.Document;
        var id = RepositoryKey.Of(key.Public).Id;
        return Repository.SignAsync(role, id, draft.Sign(key).SignatureOf(id)!, TestContext.Current.CancellationToken);
    }

    public Task<ApiProblem?> PublishAsync() => Repository.PublishAsync(TestContext.Current.CancellationToken);

    /// <summary>Puts up, signs and publishes the first root with these targets.</summary>
    public async Task BeginAsync(params TargetEntry[] entries)
    {
        Assert.Null(await PutAsync(Plan.Create()));
        Assert.Null(await SignAsync("root", Owner.Root));
        await ReleaseAsync(1, entries);
    }

    /// <summary>Puts up, signs and publishes targets.</summary>
    public async Task ReleaseAsync(long version, params TargetEntry[] entries)
    {
        Assert.Null(await PutAsync(Targets(version, entries)));
        Assert.Null(await SignAsync("targets", Owner.Key));
        Assert.Null(await PublishAsync());
    }

    /// <summary>A device that has the first root, or what a device had before.</summary>
    public async Task<TargetsMetadata> ReadAsync(ShownMetadata? device = null)
    {
        device ??= new ShownMetadata(this);
        device.Repository = Repository;
        await new TufClient(new TufOptions(device, device, [new P256Scheme()], Time)).RefreshAsync(TestContext.Current.CancellationToken);
        return TargetsMetadata.Parse(device.Load("targets", int.MaxValue));
    }

    public ValueTask DisposeAsync()
    {
        Repository.Dispose();
        _online.Dispose();
        _trust.Dispose();
        _keys.Dispose();
        Owner.Dispose();
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
