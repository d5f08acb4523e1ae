using Messaging.Architecture.Tests.References;

namespace Messaging.Architecture.Tests.Arrows;

/// <summary>The relay cannot read what it carries: not by policy, but because it reaches nothing that could.</summary>
public sealed class RelayTests
{
    [Fact]
    public void Relay_OfMessaging_UsesTheWireAlone()
    {
        var types = TypeUses.TypesOf(House.Relay).ToList();

        Assert.Contains(TypeUses.Of(types), use => use is { Assembly: "Messaging", Namespace: "Messaging.Wire" });
        Assert.Empty(Rules.BeyondTheWire(types));
    }

    [Fact]
    public void Relay_UsesNothingThatDecryptsOrSigns()
    {
        var uses = Rules.OfSecrets(TypeUses.TypesOf(House.Relay)).ToList();

        // It verifies the passwords of its own MQTT users, and for that alone derives.
        Assert.Contains(uses, IsPassword);
        Assert.DoesNotContain(uses, use => !IsPassword(use));
    }

    [Fact]
    public void Relay_RefersToNoOtherAssemblyOfTheHouse() => Assert.Empty(Rules.References(House.Relay, "fleet-server", "messaging-agent"));

    [Fact]
    public void Wire_UsesNothingElseOfTheHouse()
    {
        var wire = TypeUses.TypesOf(House.Messaging).Where(type => type.FullName.StartsWith("Messaging.Wire.", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(wire);
        Assert.Empty(Rules.OutOfTheWire(wire));
    }

    [Fact]
    public void Wire_UsesNothingThatDecrypts()
    {
        var wire = TypeUses.TypesOf(House.Messaging).Where(type => type.FullName.StartsWith("Messaging.Wire.", StringComparison.Ordinal));

        // It verifies signatures, and for that alone needs ECDsa.
        Assert.DoesNotContain(Rules.OfSecrets(wire), use => use.Used.Name != "ECDsa");
    }

    private static bool IsPassword(TypeUse use) => use is { Used.Name: "Rfc2898DeriveBytes", User: "Messaging.Relay.Users.MqttPassword" };
}
