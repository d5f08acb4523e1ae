using System.Security.Cryptography;
using System.Text;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Tests.Artifacts;

/// <summary>The repository of a fleet that an owner has taken over, as a server shows it.</summary>
internal sealed class ShownRepository : IDisposable
{
    public static readonly DateTimeOffset End = new(2027, 11, 30, 0, 0, 0, TimeSpan.Zero);

    public ShownRepository()
    {
        Plan = new RootPlan(1, End, Owned.Trust.Root.Root, Owned.Trust.Root.Owner, Online.Public);
        Roots = [Plan.Create().Sign(Owned.RootKey).Encode()];
        Targets = MetadataWriter.Targets(1, End, [Release("1.0.0", 1)]).Sign(Owned.OwnerKey).Encode();
    }

    public OwnedFleet Owned { get; } = new();

    public IdentityKey Online { get; } = IdentityKey.Generate();

    public RootPlan Plan { get; }

    public List<byte[]> Roots { get; }

    public byte[] Targets { get; }

    public SigningRoom Room(params TufDocument[] drafts) => new(Owned.Trust, Plan, TargetsMetadata.Parse(Targets), drafts);

    /// <summary>A release of the agent.</summary>
    public static TargetEntry Release(string version, long counter, string hardware = "linux-arm64", params Release.DeltaSource[] deltas)
    {
        Assert.True(SemanticVersion.TryParse(version, out var read));
        var content = Encoding.UTF8.GetBytes(version + hardware);
        return new TargetEntry(
            NewRelease.Path("messaging-agent", read, [hardware], "messaging-agent"),
            content.Length,
            Convert.ToHexStringLower(SHA256.HashData(content)),
            ReleaseWriter.Write(new Release { Kind = "agent", Name = "messaging-agent", Version = read, Counter = counter, Hardware = [hardware], Deltas = deltas }));
    }

    public void Dispose()
    {
        Owned.Dispose();
        Online.Dispose();
    }
}
