using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Tests.Updates.Repository;

/// <summary>A repository as the writer makes it, and the client that reads it.</summary>
internal sealed class WrittenRepository : ITufFetcher, ITufStore, IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 30, 5, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = Now.AddDays(30);
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);

    public WrittenRepository()
    {
        Plan = new RootPlan(1, End, new KeyRole(1, Root.Public), new KeyRole(1, Targets.Public), Online.Public);
        Files["1.root.json"] = Plan.Create().Sign(Root).Encode();
        _kept["root"] = Files["1.root.json"];
    }

    public IdentityKey Root { get; } = IdentityKey.Generate();

    public IdentityKey Targets { get; } = IdentityKey.Generate();

    public IdentityKey Online { get; } = IdentityKey.Generate();

    public RootPlan Plan { get; }

    /// <summary>By their paths in URLs.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public TufClient Client => new(new TufOptions(this, this, [new P256Scheme()], new FakeTimeProvider(Now)));

    public static TargetEntry Entry(string path, byte[] content, byte[]? custom = null) => new(path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), custom);

    /// <summary>Signs and shows these targets.</summary>
    public void Publish(long version, params TargetEntry[] entries)
    {
        var targets = MetadataWriter.Targets(version, End, entries).Sign(Targets).Encode();
        var snapshot = MetadataWriter.Snapshot(version, End, version, targets).Sign(Online).Encode();
        Files[$"{version}.targets.json"] = targets;
        Files[$"{version}.snapshot.json"] = snapshot;
        Files["timestamp.json"] = MetadataWriter.Timestamp(version, End, version, snapshot).Sign(Online).Encode();
    }

    public static async Task<byte[]> DownloadAsync(TufClient client, TargetFile target)
    {
        using var content = new MemoryStream();
        await client.DownloadAsync(target, content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    public Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(Files.TryGetValue(request.Path, out var file) ? new MemoryStream(file) : null);

    public byte[]? Load(string name, int maxBytes) => _kept.GetValueOrDefault(name);

    public void Replace(string name, ReadOnlySpan<byte> content) => _kept[name] = content.ToArray();

    public void Delete(string name) => _kept.Remove(name);

    public void Dispose()
    {
        Root.Dispose();
        Targets.Dispose();
        Online.Dispose();
    }
}
