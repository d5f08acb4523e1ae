using CsCheck;
using Messaging.Relay.Legacy;

namespace Messaging.Relay.Tests.Legacy;

public sealed class AddressPatternTests
{
    [Theory]
    [InlineData(null, "a", true)]
    [InlineData("", "a", true)]
    [InlineData("a", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("a", "ab", false)]
    [InlineData("*", "a", true)]
    [InlineData("**", "a", true)]
    [InlineData("web-*", "web-1", true)]
    [InlineData("web-*", "web-", true)]
    [InlineData("web-*", "xweb-1", false)]
    [InlineData("*-web", "1-web", true)]
    [InlineData("*-web", "1-web-", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*a", "aa", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("*aab*", "aaab", true)]
    [InlineData("?", "a", false)]
    [InlineData(".*", "a", false)]
    public void IsFor_AnAgent_GoesByTheWholeName(string? to, string agent, bool expected) => Assert.Equal(expected, AddressPattern.IsFor(to, agent));

    [Fact]
    public void IsFor_LongerThanAnAddressMayBe_IsNobody()
    {
        Assert.True(AddressPattern.IsFor(new string('*', LegacyLimits.Address), "a"));
        Assert.False(AddressPattern.IsFor(new string('*', LegacyLimits.Address + 1), "a"));
    }

    /// <summary>Few letters, so that beginnings of parts occur again and again.</summary>
    [Fact]
    public void IsFor_AnyPatternAndName_AgreesWithTheDefinition()
    {
        var patterns = Gen.Int[0, 2].Array[1, 12].Select(static letters => string.Concat(letters.Select(static letter => "ab*"[letter])));
        var names = Gen.Int[0, 1].Array[1, 14].Select(static letters => string.Concat(letters.Select(static letter => "ab"[letter])));

        Gen.Select(patterns, names).Sample((pattern, name) => AddressPattern.IsFor(pattern, name) == ByDefinition(pattern, name), iter: 200_000);
    }

    /// <summary>Tries all that a star may stand for.</summary>
    private static bool ByDefinition(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty)
        {
            return name.IsEmpty;
        }

        if (pattern[0] == '*')
        {
            return ByDefinition(pattern[1..], name) || (!name.IsEmpty && ByDefinition(pattern, name[1..]));
        }

        return !name.IsEmpty && name[0] == pattern[0] && ByDefinition(pattern[1..], name[1..]);
    }
}
