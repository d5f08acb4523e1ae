using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Tests.Artifacts;

/// <summary>What is signed, by whom, and what the words say of it.</summary>
public sealed class SigningRoomTests : IDisposable
{
    private readonly ShownRepository _repository = new();
    private readonly TemporaryFolder _folder = new();

    private OwnedFleet Owned => _repository.Owned;

    public void Dispose()
    {
        _repository.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Sign_EachKeyWhatItMay()
    {
        var (root, targets) = ((_repository.Plan with { Version = 2 }).Create(), MetadataWriter.Targets(2, ShownRepository.End, []));

        var signed = _repository.Room(root, targets).Sign([Owned.RootKey, Owned.OwnerKey]);

        Assert.Equal([RepositoryKey.Of(Owned.RootKey.Public).Id], signed[0].SignedBy);
        Assert.Equal([RepositoryKey.Of(Owned.OwnerKey.Public).Id], signed[1].SignedBy);
        using var stranger = IdentityKey.Generate();
        Assert.Contains("signs nothing of what waits", Assert.Throws<CliException>(() => _repository.Room(root).Sign([stranger])).Message, StringComparison.Ordinal);
        Assert.Throws<CliException>(() => _repository.Room(targets).Sign([Owned.RootKey]));
    }

    [Fact]
    public void Sign_TargetsUnderANextRoot_TakesTheKeysOfThat()
    {
        using var next = IdentityKey.Generate();
        var root = (_repository.Plan with { Version = 2, Targets = new KeyRole(1, next.Public) }).Create();
        var room = _repository.Room(root, MetadataWriter.Targets(2, ShownRepository.End, []));

        Assert.Single(room.Sign([next])[1].SignedBy);
        Assert.Throws<CliException>(() => room.Sign([Owned.OwnerKey]));
    }

    [Fact]
    public void Words_OfTargets_SayWhatComesAndWhatGoes()
    {
        var delta = new Release.DeltaSource(new string('a', 64), "messaging-agent/1.1.0/linux-arm64/a.delta");
        var draft = MetadataWriter.Targets(
            2, ShownRepository.End, [ShownRepository.Release("1.1.0", 2, "linux-arm64", delta), new TargetEntry(delta.Target, 7, new string('b', 64), ReleaseWriter.Delta())]);

        var words = TargetWords.Of(draft, _repository.Room(draft)).Concat(TargetWords.Signatures(draft, _repository.Room(draft))).ToList();

        Assert.Equal("Targets 2, until 2027-11-30 00:00:00Z: 2 in all", words[0]);
        Assert.Contains("  + messaging-agent 1.1.0 (agent) for linux-arm64, counter 2, 16 B, 1 delta", words);
        Assert.Contains("      healthy for 30 s within 600 s", words);
        Assert.Contains("  + delta messaging-agent/1.1.0/linux-arm64/a.delta, 7 B", words);
        Assert.Contains("  - messaging-agent 1.0.0 (agent) for linux-arm64, counter 1, 16 B", words);
        Assert.Contains("  nothing else", words);
        Assert.Equal($"  signed by 0 of 1 that it needs of the targets' keys of root 1: {Owned.OwnerKey.Public} (an owner's key)", words[^1]);
    }

    [Fact]
    public void Words_OfATargetThatChangesUnderItsName_WarnOfIt()
    {
        var draft = MetadataWriter.Targets(2, ShownRepository.End, [ShownRepository.Release("1.0.0", 1) with { Sha256 = new string('c', 64) }]);

        Assert.Contains(TargetWords.Of(draft, _repository.Room(draft)), static line => line.StartsWith("  ! in the place of another of this name: messaging-agent 1.0.0", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_OfARoot_SayWhoseKeysComeAndGo()
    {
        using var next = IdentityKey.Generate();
        using var server = IdentityKey.Generate();
        var draft = (_repository.Plan with { Version = 2, Targets = new KeyRole(1, next.Public), Online = server.Public }).Create();

        var words = TargetWords.Of(draft, _repository.Room(draft)).ToList();

        Assert.Equal("Root 2 of the repository, until 2027-11-30 00:00:00Z", words[0]);
        Assert.Contains($"  - targets' key {Owned.OwnerKey.Public} (an owner's key)", words);
        Assert.Contains($"  + targets' key {next.Public} (not in the roster)", words);
        Assert.Contains($"  ! the server's key was {_repository.Online.Public}", words);
    }

    [Fact]
    public void Draft_ThatSaysMoreThanTheWordsWould_IsNotSigned()
    {
        var text = System.Text.Encoding.UTF8.GetString(_repository.Plan.Create().EncodeContent()).Replace("\"version\":1}", "\"version\":1,\"x\":1}", StringComparison.Ordinal);
        var more = TufDocument.ParseContent(System.Text.Encoding.UTF8.GetBytes(text), "root");

        Assert.NotEqual(_repository.Plan.Create().Digest, more.Digest);
        Assert.Throws<CliException>(() => _repository.Room(more).Sign([Owned.RootKey]));
    }

    [Fact]
    public void Bundle_CarriedToAMachineWithoutANetwork_ProvesItselfAndComesBackSigned()
    {
        var draft = MetadataWriter.Targets(2, ShownRepository.End, []);
        var path = _folder.File("waiting.json");
        var fingerprint = Owned.Trust.Bundle.Roots[0].Fingerprint.ToArray();
        new SigningBundle("fleetctl-artifact-signing-1", Owned.Trust.Bundle.Encode(), _repository.Roots, _repository.Targets, null, draft.Encode()).Write(path);

        var bundle = SigningBundle.Read(path);
        bundle.With(bundle.Open(fingerprint).Sign([Owned.OwnerKey])).Write(path);

        var back = Assert.Single(SigningBundle.Read(path).Drafts());
        Assert.Equal(draft.Digest, back.Digest);
        Assert.True(back.IsSignedBy(RepositoryKey.Of(Owned.OwnerKey.Public)));
        Assert.Contains("another fleet", Assert.Throws<CliException>(() => bundle.Open(new byte[32])).Message, StringComparison.Ordinal);
        using var thief = IdentityKey.Generate();
        var forged = MetadataWriter.Targets(1, ShownRepository.End, []).Sign(thief).Encode();
        Assert.Contains("not signed by who may", Assert.Throws<CliException>(() => (bundle with { Targets = forged }).Open(fingerprint)).Message, StringComparison.Ordinal);
        Assert.Throws<CliException>(() => SigningBundle.Read(_folder.Write("other.json", "{}")));
    }
}
