using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Commands;

public sealed class CommandIssuerTests : IDisposable
{
    private readonly OwnedFleet _owned = new();

    private RosterContent Roster => _owned.Trust.Roster;

    public void Dispose() => _owned.Dispose();

    [Fact]
    public void Find_AnOwner_MayDoEverything()
    {
        foreach (var type in CommandCatalog.Types)
        {
            var issuer = Find(Roster, type);
            Assert.Equal(_owned.OwnerId, issuer.Principal.Id);
            Assert.Null(issuer.Note);
        }
    }

    [Fact]
    public void Find_SomebodyWhoHasRotatedTheKey_HasTheIdOfBefore()
    {
        using var first = IdentityKey.Generate();
        var roster = With(new RosterPrincipal(PrincipalId.FromIdentityKey(first.Public), _owned.OwnerKey.Public, [], [Roles.Operator]));

        Assert.Equal(PrincipalId.FromIdentityKey(first.Public), Find(roster, "reboot").Principal.Id);
    }

    [Fact]
    public void Find_AKeyThatIsNotInTheRoster_IsRefused()
    {
        var refused = Assert.Throws<CliException>(() => CommandIssuer.Find(Roster, _owned.RootKey.Public, "ping", _owned.Now));
        Assert.Contains("does not name this key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_WhatTheRosterForbids_IsRefused()
    {
        var past = _owned.Now.AddDays(-1).ToUnixTimeMilliseconds();

        AssertRefused("trusted until", With(Owner with { NotAfterUnixMs = past }), "ping");
        AssertRefused("expired at", Roster with { ExpiresAtUnixMs = past }, "ping");
        AssertRefused("lets no operator have rotate-keys run; it takes one of: owner", With(Owner with { Roles = [Roles.Operator] }), "rotate-keys");
        AssertRefused("principal without a role", With(Owner with { Roles = [] }), "ping");
    }

    [Fact]
    public void Find_WhatTwoMustSign_SaysHowMany()
    {
        var issuer = Find(Roster with { Policy = new Policy([new PolicyRule(["reboot"], [Roles.Owner], 2, [])]) }, "reboot");
        Assert.Equal(2, issuer.Needed);
        Assert.Contains("2 signatures", issuer.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_OutsideTheWindow_SaysSo()
    {
        // 2026-11-30 is a Monday; the window is on Tuesdays.
        var roster = Roster with { Policy = new Policy([new PolicyRule(["reboot"], [Roles.Owner], 1, [new MaintenanceWindow(0b000_0010, 0, 1)])]) };

        var issuer = Find(roster, "reboot");
        Assert.Contains("maintenance window Tue 00:00-00:01 UTC", issuer.Note, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), issuer.WaitsUntil!.Value.TimeOfDay);
    }

    private RosterPrincipal Owner => Roster.Find(_owned.OwnerId)!;

    private RosterContent With(RosterPrincipal principal) =>
        Roster with { Principals = [.. Roster.Principals.Where(one => !one.Identity.Equals(principal.Identity)), principal] };

    private CommandIssuer Find(RosterContent roster, string type) => CommandIssuer.Find(roster, _owned.OwnerKey.Public, type, _owned.Now);

    private void AssertRefused(string reason, RosterContent roster, string type) =>
        Assert.Contains(reason, Assert.Throws<CliException>(() => Find(roster, type)).Message, StringComparison.Ordinal);
}
