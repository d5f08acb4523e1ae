using Messaging.Crypto;
using Messaging.EvilRelay.Harness;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.EvilRelay;

/// <summary>What is signed by a key that was once good, brought when it is not any more.</summary>
[Collection(EvilFleet.Name)]
public sealed class OwnerAttackTests(EvilFleet evil)
{
    private const long HourMs = 3_600_000;

    [Fact]
    public async Task ExpiredKey_OfAnOperator_RunsNothing()
    {
        using var bob = IdentityKey.Generate();
        var principal = new RosterPrincipal(PrincipalId.FromIdentityKey(bob.Public), bob.Public, [], [Roles.Operator], Owner.Now - HourMs);
        await Take(await evil.Change(trust => evil.Owner.Change(trust, more: principal)));
        var runs = evil.Runs();

        await evil.Refused("command-issuer-expired", async () => Assert.Equal("rejected", await evil.Run(evil.Command("count", by: bob))));

        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task ExpiredRoster_LetsNobodyCommand()
    {
        await Take(await evil.Change(trust => evil.Owner.Change(trust, expiresAtUnixMs: Owner.Now - HourMs)));
        var runs = evil.Runs();

        await evil.Refused("command-roster-expired", async () => Assert.Equal("rejected", await evil.Run(evil.Command("count"))));

        Assert.Equal(runs, evil.Runs());
        await Take(await evil.Change(trust => evil.Owner.Change(trust)));
        Assert.Equal("done", await evil.Run(evil.Command("count")));
        Assert.Equal(runs + 1, evil.Runs());
    }

    private Task Take(ulong version) => evil.Until("the device has the roster", status => EvilFleet.Enrolment(status, "rosterVersion") == version);
}
