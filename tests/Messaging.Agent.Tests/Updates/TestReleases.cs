using System.Net;
using System.Security.Cryptography;
using Messaging.Agent.Tests.Support;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;

namespace Messaging.Agent.Tests.Updates;

/// <summary>A fleet's repository in memory, served by a handler of HTTP requests: what it serves can be changed on the way.</summary>
internal sealed class TestReleases : HttpMessageHandler
{
    public const string Address = "http://repository.test";
    private readonly IdentityKey _owner = IdentityKey.Generate();
    private readonly IdentityKey _online = IdentityKey.Generate();
    private readonly List<TargetEntry> _targets = [];
    private int _version;

    public TestReleases(Policy? policy = null)
    {
        var server = IdentityKey.Generate();
        Trust = TrustMaker.Verified(TrustMaker.Make(_owner, server, HpkeKeyPair.Generate().Public, policy: policy));
        Publish();
    }

    /// <summary>What a device of the fleet trusts.</summary>
    public FleetTrust Trust { get; }

    /// <summary>By their paths below the repository's address.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Bytes of targets that were given, where no answer was changed.</summary>
    public long Served { get; private set; }

    /// <summary>Told of where targets are asked from.</summary>
    public Action<long> AskedFrom { get; set; } = static _ => { };

    /// <summary>Changes an answer; null leaves it.</summary>
    public Func<string, HttpResponseMessage?> Answer { get; set; } = static _ => null;

    /// <summary>Adds a target, and publishes it.</summary>
    public UpdateArguments Add(string path, byte[] bytes, ReadOnlyMemory<byte> custom)
    {
        var entry = new TargetEntry(path, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), custom);
        _targets.RemoveAll(one => one.Path == path);
        _targets.Add(entry);
        Files["targets/" + entry.FileName] = bytes;
        Publish();
        return new UpdateArguments { Target = path, Length = bytes.Length, Sha256 = SHA256.HashData(bytes), Seconds = 3600 };
    }

    /// <summary>A release of a tree.</summary>
    public static Release Tree(string version, long counter, Action<ReleaseParts>? change = null)
    {
        var parts = new ReleaseParts();
        change?.Invoke(parts);
        return new Release
        {
            Kind = parts.Kind,
            Name = "app",
            Version = SemanticVersion.TryParse(version, out var parsed) ? parsed : throw new ArgumentException("no version", nameof(version)),
            Counter = counter,
            Hardware = parts.Hardware,
            Requires = parts.Requires,
            Deltas = parts.Deltas,
            Parameters = parts.Build is { } build ? [new(Release.BuildParameter, build)] : parts.Parameters,
            IsEncrypted = parts.IsEncrypted,
            ContentSha256 = parts.Content is { } content ? Convert.ToHexStringLower(SHA256.HashData(content)) : null,
            ContentLength = parts.Content?.Length ?? 0,
            Health = new HealthChecks { Seconds = 0, DeadlineSeconds = 10 },
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath.TrimStart('/'));
        Asked.Add(path);
        if (Answer(path) is { } other)
        {
            return Task.FromResult(other);
        }

        if (!Files.TryGetValue(path, out var bytes))
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }

        var from = (int)(request.Headers.Range?.Ranges.First().From ?? 0);
        var to = (int)(request.Headers.Range?.Ranges.First().To ?? bytes.Length - 1) + 1;
        if (from >= bytes.Length && from > 0)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable));
        }

        if (path.StartsWith("targets/", StringComparison.Ordinal))
        {
            AskedFrom(from);
        }

        Served += path.StartsWith("targets/", StringComparison.Ordinal) ? to - from : 0;
        var answer = new HttpResponseMessage(request.Headers.Range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent) { Content = new ByteArrayContent(bytes[from..to]) };
        if (request.Headers.Range is not null)
        {
            answer.Content.Headers.ContentRange = new System.Net.Http.Headers.ContentRangeHeaderValue(from, to - 1, bytes.Length);
        }

        return Task.FromResult(answer);
    }

    private void Publish()
    {
        _version++;
        var expires = TimeProvider.System.GetUtcNow().AddDays(30);
        var key = new KeyRole(1, _owner.Public);
        if (_version == 1)
        {
            Files["metadata/1.root.json"] = new RootPlan(1, expires, key, key, _online.Public).Create().Sign(_owner).Encode();
        }

        var targets = MetadataWriter.Targets(_version, expires, _targets).Sign(_owner).Encode();
        var snapshot = MetadataWriter.Snapshot(_version, expires, _version, targets).Sign(_online).Encode();
        Files[$"metadata/{_version}.targets.json"] = targets;
        Files[$"metadata/{_version}.snapshot.json"] = snapshot;
        Files["metadata/timestamp.json"] = MetadataWriter.Timestamp(_version, expires, _version, snapshot).Sign(_online).Encode();
    }

    /// <summary>What a test changes of a release.</summary>
    internal sealed class ReleaseParts
    {
        public string Kind { get; set; } = "tree";

        public string? Build { get; set; }

        public IReadOnlyList<string> Hardware { get; set; } = [];

        public IReadOnlyList<Release.Requirement> Requires { get; set; } = [];

        public IReadOnlyList<Release.DeltaSource> Deltas { get; set; } = [];

        public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; set; } = [];

        public bool IsEncrypted { get; set; }

        public byte[]? Content { get; set; }
    }
}
