using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Rosters;

public sealed class RosterEditsTests : IDisposable
{
    private readonly OwnedFleet _owned = new();
    private readonly IdentityKey _alice = IdentityKey.Generate();

    private RosterContent Roster => _owned.Trust.Roster;

    private PrincipalId Server => _owned.Fleet.ServerId;

    private PrincipalId AliceId => PrincipalId.FromIdentityKey(_alice.Public);

    public void Dispose()
    {
        _owned.Dispose();
        _alice.Dispose();
    }

    [Fact]
    public void Add_Somebody_StandsBehindTheOthersInTheNextVersion()
    {
        var next = Add(Alice([Roles.Operator], end: 5));

        Assert.Equal((Roster.Version + 1, Roster.RootVersion, _owned.Now.ToUnixTimeMilliseconds()), (next.Version, next.RootVersion, next.IssuedAtUnixMs));
        Assert.Equal(Roster.Principals, next.Principals.SkipLast(1));
        Assert.Equal((AliceId, 5L), (next.Principals[^1].Id, next.Principals[^1].NotAfterUnixMs!.Value));
        Assert.Equal((Roster.ExpiresAtUnixMs, Roster.Policy, Roster.Homes), (next.ExpiresAtUnixMs, next.Policy, next.Homes));
    }

    [Fact]
    public void Add_SomebodyWhoIsThere_IsRefusedUnlessReplaced()
    {
        var before = Add(Alice([Roles.Operator], end: 5));

        AssertRefused("--replace", () => RosterEdits.Add(before, Server, Alice([Roles.Owner]), replace: false, _owned.Now));
        var after = RosterEdits.Add(before, Server, Alice([Roles.Operator, Roles.Owner]), replace: true, _owned.Now);

        var alice = after.Find(AliceId)!;
        Assert.Equal([Roles.Operator, Roles.Owner], alice.Roles);
        Assert.Null(alice.NotAfterUnixMs);
        Assert.Equal(before.Principals.Select(one => one.Id), after.Principals.Select(one => one.Id));
    }

    [Fact]
    public void Add_AKeyOfSomebodyWhoHasAnotherId_IsTakenForThatOne()
    {
        // Ids stay when keys rotate.
        var other = new RosterPrincipal(PrincipalId.FromIdentityKey(_owned.RootKey.Public), _alice.Public, [], [Roles.Operator]);
        var before = Roster with { Principals = [.. Roster.Principals, other] };

        AssertRefused(other.Id.ToString(), () => RosterEdits.Add(before, Server, Alice([Roles.Operator]), replace: false, _owned.Now));
        Assert.Equal([Roles.Owner], RosterEdits.Add(before, Server, Alice([Roles.Owner]), replace: true, _owned.Now).Find(other.Id)!.Roles);
    }

    [Fact]
    public void Add_ReplaceOfNobody_IsRefused() => AssertRefused("nothing to replace", () => Add(Alice([Roles.Operator]), replace: true));

    [Fact]
    public void Add_RolesThatAreNone_IsRefused()
    {
        AssertRefused("1 to 16 roles", () => Add(Alice([])));
        AssertRefused("1 to 16 roles", () => Add(Alice([.. Enumerable.Range(0, 17).Select(i => $"role{i}")])));
        AssertRefused("1 to 64 bytes", () => Add(Alice([""])));
        AssertRefused("1 to 64 bytes", () => Add(Alice([new string('r', 65)])));
        AssertRefused("no spaces", () => Add(Alice(["operator owner"])));
        AssertRefused("twice", () => Add(Alice([Roles.Operator, Roles.Operator])));
    }

    [Fact]
    public void Add_ToAFullRoster_IsRefused()
    {
        var point = _owned.OwnerKey.Public;
        var full = Roster with
        {
            Principals =
            [
                .. Roster.Principals,
                .. Enumerable.Range(0, 256 - Roster.Principals.Count).Select(i => new RosterPrincipal(PrincipalId.Parse($"{i:x32}"), point, [], [Roles.Operator])),
            ],
        };

        AssertRefused("at most 256", () => RosterEdits.Add(full, Server, Alice([Roles.Operator]), replace: false, _owned.Now));
    }

    [Fact]
    public void Add_TheServerWithoutItsRole_IsRefused()
    {
        var server = new RosterPrincipal(Server, _owned.Fleet.Server.Public, [], [Roles.Operator]);

        AssertRefused("would take no notice", () => Add(server, replace: true));
    }

    [Fact]
    public void Add_TheLastOwnerAsOperator_IsRefused()
    {
        var owner = new RosterPrincipal(_owned.OwnerId, _owned.OwnerKey.Public, [], [Roles.Operator]);

        AssertRefused("no owner", () => Add(owner, replace: true));
        AssertRefused("no owner", () => Add(owner with { Roles = [Roles.Owner], NotAfterUnixMs = 1 }, replace: true));
    }

    [Fact]
    public void ReplaceServer_ByAnother_TakesItsPlaceAndThatOfItsTimeKey()
    {
        using var server = IdentityKey.Generate();
        using var time = IdentityKey.Generate();

        var next = RosterEdits.ReplaceServer(Roster, Server, server.Public, time.Public, _owned.Now);

        Assert.Equal((Roster.Version + 1, Roster.RootVersion), (next.Version, next.RootVersion));
        Assert.Null(next.Find(Server));
        Assert.Equal(PrincipalId.FromIdentityKey(server.Public), next.FindByRole(Roles.Server)!.Id);
        Assert.Equal([Roles.Server], next.FindByRole(Roles.Server)!.Roles);
        Assert.Equal(0, next.Principals.ToList().FindIndex(one => one.HasRole(Roles.Server)));
        Assert.Equal([time.Public], next.Principals.Where(one => one.HasRole(Roles.Time)).Select(one => one.Identity));
        Assert.Equal(_owned.OwnerId, next.FindByRole(Roles.Owner)!.Id);
        Assert.Equal((Roster.Policy, Roster.Homes), (next.Policy, next.Homes));
    }

    [Fact]
    public void ReplaceServer_ByKeysThatAreInUse_IsRefused()
    {
        using var other = IdentityKey.Generate();

        AssertRefused("already", () => RosterEdits.ReplaceServer(Roster, Server, _owned.Fleet.Server.Public, other.Public, _owned.Now));
        AssertRefused("already", () => RosterEdits.ReplaceServer(Roster, Server, other.Public, _owned.OwnerKey.Public, _owned.Now));
        AssertRefused("same key", () => RosterEdits.ReplaceServer(Roster, Server, other.Public, other.Public, _owned.Now));
    }

    [Fact]
    public void Remove_Somebody_IsGone()
    {
        var before = Add(Alice([Roles.Operator]));

        var after = RosterEdits.Remove(before, Server, AliceId, _owned.Now);

        Assert.Null(after.Find(AliceId));
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Equal(Roster.Principals, after.Principals);
    }

    [Fact]
    public void Remove_Nobody_IsRefused() => AssertRefused("does not name", () => RosterEdits.Remove(Roster, Server, AliceId, _owned.Now));

    [Fact]
    public void Remove_TheServerOfTheNotice_IsRefused() =>
        AssertRefused("would take no notice", () => RosterEdits.Remove(Roster, Server, Server, _owned.Now));

    [Fact]
    public void Remove_TheLastOwner_IsRefused() => AssertRefused("no owner", () => RosterEdits.Remove(Roster, Server, _owned.OwnerId, _owned.Now));

    [Fact]
    public void Remove_AnOwnerBesideOneWhoseTimeIsOver_IsRefused()
    {
        var before = Add(Alice([Roles.Owner], end: _owned.Now.ToUnixTimeMilliseconds()));

        AssertRefused("no owner", () => RosterEdits.Remove(before, Server, _owned.OwnerId, _owned.Now));
    }

    [Fact]
    public void Remove_AnOwnerBesideAnother_IsDone()
    {
        var before = Add(Alice([Roles.Owner]));

        Assert.Null(RosterEdits.Remove(before, Server, _owned.OwnerId, _owned.Now).Find(_owned.OwnerId));
    }

    [Fact]
    public void Renew_WithAnEnd_LastsAsLongAgain()
    {
        var before = Roster with { ExpiresAtUnixMs = Roster.IssuedAtUnixMs + 1000 };

        var after = RosterEdits.Renew(before, Server, _owned.Now);

        Assert.Equal((before.Version + 1, after.IssuedAtUnixMs + 1000), (after.Version, after.ExpiresAtUnixMs!.Value));
        Assert.Null(RosterEdits.Renew(Roster, Server, _owned.Now).ExpiresAtUnixMs);
    }

    [Fact]
    public void RenewUntil_AnEnd_IsTaken()
    {
        var end = _owned.Now.AddDays(30).ToUnixTimeMilliseconds();

        Assert.Equal(end, RosterEdits.RenewUntil(Roster, Server, end, _owned.Now).ExpiresAtUnixMs);
        Assert.Null(RosterEdits.RenewUntil(Roster with { ExpiresAtUnixMs = end }, Server, null, _owned.Now).ExpiresAtUnixMs);
        AssertRefused("later end", () => RosterEdits.RenewUntil(Roster, Server, _owned.Now.ToUnixTimeMilliseconds(), _owned.Now));
    }

    [Fact]
    public void Next_TheHighestVersion_IsRefused() =>
        AssertRefused("highest version", () => RosterEdits.Renew(Roster with { Version = ulong.MaxValue }, Server, _owned.Now));

    [Fact]
    public void Next_AClockThatIsBehindWhatWasSigned_IsRefused()
    {
        var signedAt = DateTimeOffset.FromUnixTimeMilliseconds(Roster.IssuedAtUnixMs);

        AssertRefused("Set the clock", () => RosterEdits.Renew(Roster, Server, signedAt.AddMinutes(-6)));
        Assert.Equal(Roster.IssuedAtUnixMs, RosterEdits.Renew(Roster, Server, signedAt.AddMinutes(-4)).IssuedAtUnixMs);
    }

    [Fact]
    public void RequireNotAhead_AClockAheadOfTheServers_IsRefused()
    {
        SigningTime.RequireNotAhead(_owned.Now, null);
        SigningTime.RequireNotAhead(_owned.Now, _owned.Now.AddMinutes(-5));
        SigningTime.RequireNotAhead(_owned.Now, _owned.Now.AddYears(1));
        var refused = Assert.Throws<CliException>(() => SigningTime.RequireNotAhead(_owned.Now, _owned.Now.AddMinutes(-6)));

        Assert.Contains("Nothing was signed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_AsAnOwner_IsTakenByDevices()
    {
        var next = Add(Alice([Roles.Operator]));

        var change = new TrustChange([], RosterSigning.Sign(next, _owned.Trust.Root.Owner, [_owned.OwnerKey]));

        Assert.Equal(TrustVerdict.Applied, _owned.Fleet.Take(change));
        Assert.NotNull(_owned.Trust.Roster.Find(AliceId));
    }

    [Fact]
    public void Sign_WithOtherOrTooFewKeys_IsRefused()
    {
        var next = Add(Alice([Roles.Operator]));
        var two = new KeyRole(2, _owned.OwnerKey.Public, _alice.Public);

        AssertRefused("none of those", () => RosterSigning.Sign(next, _owned.Trust.Root.Owner, [_alice]));
        AssertRefused("none of those", () => RosterSigning.Sign(next, _owned.Trust.Root.Owner, [_owned.RootKey]));
        AssertRefused("2 signatures", () => RosterSigning.Sign(next, two, [_owned.OwnerKey]));
        AssertRefused("twice", () => RosterSigning.Sign(next, two, [_alice, _alice]));
        Assert.True(RosterSigning.Sign(next, two, [_owned.OwnerKey, _alice]).IsSignedBy(two));
    }

    [Fact]
    public void Check_HomesThatAreNone_IsRefused()
    {
        Assert.Equal(["https://fleet.example", "http://10.0.0.1:8080/x"], HomeList.Check(["https://fleet.example", "http://10.0.0.1:8080/x"]));
        foreach (var home in new[] { "", "fleet.example", "mqtts://fleet.example", "/etc/passwd", "https://" + new string('a', 510) })
        {
            Assert.Throws<CliException>(() => HomeList.Check([home]));
        }

        Assert.Throws<CliException>(() => HomeList.Check([.. Enumerable.Repeat("https://fleet.example", 17)]));
    }

    private static void AssertRefused(string reason, Func<object> edit) =>
        Assert.Contains(reason, Assert.Throws<CliException>(() => edit()).Message, StringComparison.Ordinal);

    private RosterContent Add(RosterPrincipal principal, bool replace = false) => RosterEdits.Add(Roster, Server, principal, replace, _owned.Now);

    private RosterPrincipal Alice(IReadOnlyList<string> roles, long? end = null) => new(AliceId, _alice.Public, [], roles, end);
}
