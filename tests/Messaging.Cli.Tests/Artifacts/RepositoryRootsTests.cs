using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Tests.Artifacts;

/// <summary>Whose repository it is, whatever a server says.</summary>
public sealed class RepositoryRootsTests : IDisposable
{
    private readonly ShownRepository _repository = new();
    private readonly IdentityKey _thief = IdentityKey.Generate();

    public void Dispose()
    {
        _repository.Dispose();
        _thief.Dispose();
    }

    [Fact]
    public void Roots_OfTheFleet_AreTheFleets()
    {
        var trust = RepositoryRoots.Verify(_repository.Roots, _repository.Owned.Trust, seen: null, out var note);

        Assert.Equal((1, (string?)null), (trust.Root.Version, note));
    }

    [Fact]
    public void Roots_OfSomebodyElse_AreRefused()
    {
        var stolen = (_repository.Plan with { Root = new KeyRole(1, _thief.Public) }).Create().Sign(_thief).Encode();

        Assert.Contains("somebody pretends", Assert.Throws<CliException>(() => RepositoryRoots.Verify([stolen], _repository.Owned.Trust, null, out _)).Message, StringComparison.Ordinal);

        // A next root that the keys of the first have not signed.
        var next = (_repository.Plan with { Version = 2, Targets = new KeyRole(1, _thief.Public) }).Create().Sign(_thief).Encode();
        Assert.Contains("do not prove themselves", Assert.Throws<CliException>(() => RepositoryRoots.Verify([.. _repository.Roots, next], _repository.Owned.Trust, null, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_OtherOrOlderThanWereSeen_AreFoundOut()
    {
        var seen = new SeenVersions(1, new string('0', 64), 1);
        Assert.Contains("another root 1", Assert.Throws<CliException>(() => RepositoryRoots.Verify(_repository.Roots, _repository.Owned.Trust, seen, out _)).Message, StringComparison.Ordinal);

        RepositoryRoots.Verify(_repository.Roots, _repository.Owned.Trust, seen with { Root = 3 }, out var note);
        Assert.Contains("restored from a backup", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_AfterTheFleetHasAnotherRoot_CountWithANote()
    {
        using var nextRoot = IdentityKey.Generate();
        var owned = _repository.Owned;
        Assert.Equal(TrustVerdict.Applied, owned.Fleet.Take(new Rotation([owned.RootKey], [nextRoot], [], [owned.OwnerKey]).Plan(owned.Trust, owned.Now)));

        RepositoryRoots.Verify(_repository.Roots, owned.Trust, null, out var note);
        Assert.Contains("fleetctl artifact root", note, StringComparison.Ordinal);

        // Signed by the old and the new key.
        _repository.Roots.Add((_repository.Plan with { Version = 2, Root = owned.Trust.Root.Root }).Create().Sign(owned.RootKey).Sign(nextRoot).Encode());
        Assert.Equal(2, RepositoryRoots.Verify(_repository.Roots, owned.Trust, null, out note).Root.Version);
        Assert.Null(note);
    }
}
