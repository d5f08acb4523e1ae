using System.Reflection;
using System.Text.RegularExpressions;
using Messaging.EndToEnd.Harness;
using Messaging.EvilRelay.Harness;

namespace Messaging.EvilRelay;

/// <summary>docs/reference/attacks.md names every test here, and no other.</summary>
public sealed partial class AttackTableTests
{
    [Fact]
    public void Table_OfAttacks_NamesEveryTestOnce()
    {
        var table = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "attacks.md"));

        var tests = typeof(AttackTableTests).Assembly.GetTypes()
            .Where(static type => type.GetCustomAttribute<CollectionAttribute>()?.Name == EvilFleet.Name)
            .SelectMany(static type => type.GetMethods().Where(static method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => $"{type.Name}.{method.Name}"));

        Assert.Equal(tests.Order(StringComparer.Ordinal), TestName().Matches(table).Select(static match => match.Groups["test"].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`(?<test>[A-Za-z]+Tests\\.[A-Za-z_]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TestName();
}
