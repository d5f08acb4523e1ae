using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Tests.Updates.Repository;

public sealed class RepositoryTrustTests : IDisposable
{
    private readonly WrittenRepository _repository = new();
    private readonly IdentityKey _other = IdentityKey.Generate();

    public void Dispose()
    {
        _repository.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void RootPlan_OfWhatItMade_IsTheSame()
    {
        var plan = RootPlan.Of(RootMetadata.Parse(_repository.Files["1.root.json"]))!;

        Assert.Equal(_repository.Plan.Create().Digest, plan.Create().Digest);
        Assert.Equal((1L, WrittenRepository.End, _repository.Online.Public), (plan.Version, plan.Expires, plan.Online));
    }

    [Fact]
    public void RootPlan_OfARootOfAnotherKind_IsNull()
    {
        var test = new TestRepository();
        test.Publish();

        // Two keys for snapshot and timestamp.
        Assert.Null(RootPlan.Of(RootMetadata.Parse(test.Metadata["1.root.json"])));
    }

    [Fact]
    public void RepositoryAnchor_AsManyOfTheFleetsRootKeysAsMust()
    {
        var root = _repository.Plan with { Root = new KeyRole(1, _repository.Root.Public, _other.Public) };
        var one = root.Create().Sign(_repository.Root);

        Assert.True(RepositoryAnchor.IsSignedBy(one.Encode(), new KeyRole(1, _repository.Root.Public)));
        Assert.False(RepositoryAnchor.IsSignedBy(one.Encode(), new KeyRole(2, _repository.Root.Public, _other.Public)));
        Assert.True(RepositoryAnchor.IsSignedBy(one.Sign(_other).Encode(), new KeyRole(2, _repository.Root.Public, _other.Public)));
        Assert.False(RepositoryAnchor.IsSignedBy(one.Encode(), new KeyRole(1, _other.Public)));
        Assert.False(RepositoryAnchor.IsSignedBy("{}"u8, new KeyRole(1, _other.Public)));
    }

    [Fact]
    public void TakeRoot_SignedByOldAndNewKeys_IsTaken()
    {
        var trust = RepositoryTrust.Begin(_repository.Files["1.root.json"]);
        var next = (_repository.Plan with { Version = 2, Root = new KeyRole(1, _other.Public) }).Create();

        Assert.Equal(TufFailure.NotSigned, Assert.Throws<TufException>(() => trust.TakeRoot(next.Sign(_other).Encode())).Failure);
        Assert.Equal(TufFailure.NotSigned, Assert.Throws<TufException>(() => trust.TakeRoot(next.Sign(_repository.Root).Encode())).Failure);
        trust.TakeRoot(next.Sign(_other).Sign(_repository.Root).Encode());

        Assert.Equal((2, 2), (trust.Root.Version, trust.Roots.Count));
        Assert.Equal(TufFailure.Rollback, Assert.Throws<TufException>(() => trust.TakeRoot(next.Sign(_other).Sign(_repository.Root).Encode())).Failure);
    }

    [Fact]
    public void ReadTargets_BySignerAlone_NotByTheClock()
    {
        var trust = RepositoryTrust.Begin(_repository.Files["1.root.json"]);
        var expired = MetadataWriter.Targets(7, DateTimeOffset.UnixEpoch, []);

        Assert.Equal(7, trust.ReadTargets(expired.Sign(_repository.Targets).Encode()).Version);
        Assert.Equal(TufFailure.NotSigned, Assert.Throws<TufException>(() => trust.ReadTargets(expired.Sign(_repository.Online).Encode())).Failure);
    }

    [Fact]
    public void SigningNeeds_OfTheFirstRoot_AreTheFleetsAndItsOwn()
    {
        var fleet = new KeyRole(2, _repository.Root.Public, _other.Public);
        var draft = _repository.Plan.Create().Sign(_repository.Root);

        var needs = SigningNeed.OfRoot(_repository.Plan, null, fleet);

        Assert.Equal([false, true], needs.Select(need => need.IsMetBy(draft)));
        Assert.Equal([true, true], needs.Select(need => need.IsMetBy(draft.Sign(_other))));
        Assert.Equal("root 1", SigningNeed.OfRoot(_repository.Plan with { Version = 2 }, _repository.Plan, fleet)[0].By);
        Assert.False(SigningNeed.OfTargets(_repository.Plan)[0].IsMetBy(draft));
    }
}
