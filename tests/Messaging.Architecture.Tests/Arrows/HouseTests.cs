using System.Xml.Linq;
using Messaging.Architecture.Tests.References;

namespace Messaging.Architecture.Tests.Arrows;

/// <summary>Arrows point one way: agent, fleetctl, fleet server -> messaging; fleet server -> relay; nothing -> fleet server.</summary>
public sealed class HouseTests
{
    [Fact]
    public void FleetServer_IsReferredToByNothing()
    {
        Assert.Empty(Rules.References(House.Messaging, "fleet-server"));
        Assert.Empty(Rules.References(House.Relay, "fleet-server"));
        Assert.Empty(Rules.References(House.Agent, "fleet-server"));
    }

    [Fact]
    public void Agent_RefersToNeitherRelayNorFleetServer()
    {
        Assert.NotEmpty(Rules.References(House.Agent, "Messaging"));
        Assert.Empty(Rules.References(House.Agent, "Messaging.Relay", "fleet-server"));
    }

    [Fact]
    public void Agent_UsesNothingThatPublishes()
    {
        // What writes repositories and deltas belongs to fleetctl and the server: the native agent has no room for it, and no key either.
        var uses = TypeUses.Of(TypeUses.TypesOf(House.Agent)).ToList();

        Assert.Contains(uses, static use => use is { Assembly: "Messaging" });
        Assert.DoesNotContain(uses, static use => use.Namespace == "Messaging.Updates.Repository");
        Assert.DoesNotContain(
            TypeUses.Of(TypeUses.TypesOf(House.Messaging).Where(static type => type.Namespace.StartsWith("Messaging.Updates.", StringComparison.Ordinal) && type.Namespace != "Messaging.Updates.Repository")),
            static use => use.Namespace == "Messaging.Updates.Repository");
    }

    [Fact]
    public void Messaging_RefersToNothingOfTheHouse() =>
        Assert.Empty(Rules.References(House.Messaging, "Messaging.Relay", "messaging-agent", "fleet-server"));

    [Fact]
    public void Projects_OutsideTests_ReferToEachOtherAsTheHouseIsDrawn()
    {
        // Projects that are not built into this test, too, and references that a compiler would drop because nothing uses them yet.
        var forbidden = Projects()
            .Where(arrow => arrow.To.Contains("FleetServer", StringComparison.Ordinal)
                || (arrow.From.Contains("Messaging.Agent", StringComparison.Ordinal) && arrow.To.Contains("Relay", StringComparison.Ordinal))
                || (arrow.From.StartsWith("Messaging.Relay", StringComparison.Ordinal) && arrow.To != "Messaging.csproj")
                || (arrow.From == "Messaging.Cli.csproj" && arrow.To != "Messaging.csproj")
                || arrow.From == "Messaging.csproj");

        Assert.Contains(("Messaging.FleetServer.csproj", "Messaging.Relay.csproj"), Projects());
        Assert.Empty(forbidden);
    }

    private static IEnumerable<(string From, string To)> Projects() =>
        from file in Directory.EnumerateFiles(House.Folder, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
        where !Path.GetRelativePath(House.Folder, file).StartsWith("tests", StringComparison.Ordinal)
            && !Path.GetRelativePath(House.Folder, file).StartsWith("bench", StringComparison.Ordinal)
        from reference in XDocument.Load(file).Descendants("ProjectReference")
        select (Path.GetFileName(file), Path.GetFileName(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
