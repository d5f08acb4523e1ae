using Messaging.Architecture.Tests.Arrows;
using Messaging.Architecture.Tests.References;
using Mono.Cecil;

namespace Messaging.Architecture.Tests.Violations;

/// <summary>The rules are tried on types that break them: a checker that finds nothing anywhere proves nothing.</summary>
public sealed class ViolationTests
{
    public static TheoryData<string> KeyUsers =>
    [
        nameof(InField), nameof(InSignature), nameof(InReturn), nameof(InBody), nameof(InLambda), nameof(InAsync), nameof(InGenericArgument),
        nameof(InArray), "InConstraint`1", nameof(InAttribute), nameof(InCast), nameof(InGenericMethod),
    ];

    public static TheoryData<string> SecretUsers => [nameof(OfSecretsInBody), nameof(OfSecretsInLambda), nameof(OfSecretsInParameter)];

    [Theory]
    [MemberData(nameof(KeyUsers))]
    public void BeyondTheWire_OfATypeThatUsesAKey_FindsIt(string name) =>
        Assert.Contains(Rules.BeyondTheWire(Named(name)), use => use.Used.Name == "IdentityKey");

    [Theory]
    [MemberData(nameof(KeyUsers))]
    public void OutOfTheWire_OfATypeThatUsesAKey_FindsIt(string name) =>
        Assert.Contains(Rules.OutOfTheWire(Named(name)), use => use.Used.Name == "IdentityKey");

    [Theory]
    [MemberData(nameof(SecretUsers))]
    public void OfSecrets_OfATypeThatDecrypts_FindsIt(string name) => Assert.NotEmpty(Rules.OfSecrets(Named(name)));

    [Fact]
    public void OfSecrets_OfTheLibraryThatSeals_FindsIt() => Assert.NotEmpty(Rules.OfSecrets(TypeUses.TypesOf(House.Messaging)));

    [Fact]
    public void BeyondTheWire_OfTheFleetServer_FindsWhatItMayUse() => Assert.NotEmpty(Rules.BeyondTheWire(TypeUses.TypesOf(House.FleetServer)));

    [Fact]
    public void References_OfThisAssembly_FindsWhatTheViolatorsUse() =>
        Assert.Equal(["Messaging"], Rules.References(House.Tests, "Messaging", "fleet-server"));

    private static IEnumerable<TypeDefinition> Named(string name) =>
        TypeUses.WithNested(House.Tests.MainModule.GetType("Messaging.Architecture.Tests.Violations", name)
            ?? throw new ArgumentException("No such type.", nameof(name)));
}
