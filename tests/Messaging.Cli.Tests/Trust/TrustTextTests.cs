using System.Text.Json;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Cli.Verbs;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Cli.Tests.Trust;

public sealed class TrustTextTests : IDisposable
{
    private readonly ServerFleet _fleet = new(roster => roster with
    {
        Policy = new Policy([new PolicyRule(["reboot"], [Roles.Owner], 2, [new MaintenanceWindow(0b000_0011, 120, 90)])]),
        Homes = ["https://fleet.example/\u001b[2J"],
        ExpiresAtUnixMs = roster.IssuedAtUnixMs + 1000,
    });

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Lines_WhileTheServerHoldsTheRoot_SayHowToTakeItOver()
    {
        var lines = Lines(_fleet.Device);

        Assert.Equal(TrustText.ServerHolds, lines[^1]);
        Assert.Contains("Root 1, signed 2026-11-28 12:00:00Z", lines[1], StringComparison.Ordinal);
        Assert.Contains("  reboot: owner, 2 signatures; Mon, Tue 02:00-03:30 UTC", lines);
        Assert.Contains("  mqtts://fleet.example:8883", lines);
        Assert.Contains(lines, line => line.Contains("server, operator, owner, the server of the notice", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("expired 2026-11-28 12:00:01Z", StringComparison.Ordinal));
        Assert.Contains("Homes: https://fleet.example/?[2J", lines);
    }

    [Fact]
    public void Lines_OfAnOwnersFleet_SayThatTheRootIsNotTheServers()
    {
        using var owned = new OwnedFleet();

        Assert.Equal(TrustText.OwnerHolds, Lines(owned.Trust)[^1]);
    }

    [Fact]
    public void View_AsJson_HasAllOfIt()
    {
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(TrustView.Of(_fleet.Device), ViewJson.Default.TrustView));

        var root = document.RootElement;
        Assert.True(root.GetProperty("serverHoldsRoot").GetBoolean());
        Assert.Equal(_fleet.ServerId.ToString(), root.GetProperty("notice").GetProperty("server").GetString());
        Assert.Equal(2, root.GetProperty("roster").GetProperty("principals").GetArrayLength());
        Assert.Equal(_fleet.Root.Public.ToString(), root.GetProperty("root").GetProperty("owner").GetProperty("keys")[0].GetString());
    }

    [Fact]
    public void Difference_OfATakeOver_NamesWhoLostAndGotWhat()
    {
        using var owned = new OwnedFleet();
        var before = ServerFleet.Begin(new TrustBundle([owned.Fleet.Bundle.Roots[0]], Roster.Sign(
            owned.Trust.Roster with { RootVersion = 1, Principals = [owned.Trust.Server with { Roles = [Roles.Server, Roles.Owner] }] }, owned.Fleet.Root), owned.Fleet.Bundle.Notice));

        var lines = TrustDifference.Lines(before, owned.Trust).ToList();

        Assert.StartsWith("Root 1 -> 2", lines[0], StringComparison.Ordinal);
        Assert.Contains($"  - root: {owned.Fleet.Root.Public}", lines);
        Assert.Contains($"  + root: {owned.RootKey.Public}", lines);
        Assert.Contains($"  + owners: {owned.OwnerKey.Public}", lines);
        Assert.Contains($"  ~ {owned.Fleet.ServerId}: server, owner -> server", lines);
        Assert.Contains($"  + {owned.OwnerId}: operator, owner", lines);
    }

    private static List<string> Lines(FleetTrust trust) => [.. TrustText.Lines(TrustView.Of(trust), ServerFleet.Start.AddDays(2))];
}
