using System.Text;
using CsCheck;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Tests.Mqtt.Access;

public sealed class FilterCoverTests
{
    /// <summary>A level that no filter of the tests names.</summary>
    private const string Fresh = "z";

    private static readonly Gen<string> Level = Gen.OneOf("a", "b", "", "$s", "+");
    private static readonly Gen<string> Filter = Gen.Select(Level.Array[1, 4], Gen.Bool, static (levels, isOpen) => string.Join('/', isOpen ? [.. levels, "#"] : levels))
        .Where(static filter => filter.Length > 0);
    private static readonly Gen<string> Topic = Gen.OneOf("a", "b", "", "$s", Fresh).Array[1, 5].Select(static levels => string.Join('/', levels)).Where(static topic => topic.Length > 0);

    [Theory]
    [InlineData("#", "#", true)]
    [InlineData("#", "a/+/b/#", true)]
    [InlineData("+/#", "#", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b", true)]
    [InlineData("a/#", "a/+/c", true)]
    [InlineData("a/#", "a/#", true)]
    [InlineData("a/+/#", "a/+", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/+", true)]
    [InlineData("a/#", "#", false)]
    [InlineData("a/#", "+/b", false)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+/#", "a/#", false)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("ab", "a", false)]
    [InlineData("+", "a/b", false)]
    [InlineData("+", "#", false)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/a", true)]
    [InlineData("$SYS/#", "#", false)]
    public void Covers_AsTheStandardSays(string allowed, string filter, bool covers) => Assert.Equal(covers, Covers(allowed, filter));

    [Fact]
    public void Covers_Always_AllowsNoTopicMore() => Gen.Select(Filter, Filter, Topic).Sample(
        static (allowed, filter, topic) => !Covers(allowed, filter) || !Matches(filter, topic) || Matches(allowed, topic),
        iter: 20_000);

    /// <summary>"/#" also names the empty topic, which there is not: that "/+/#" does not cover it harms nobody.</summary>
    [Fact]
    public void Covers_Not_MeansThatATopicMakesTheDifference() => Gen.Select(Filter, Filter.Where(static filter => filter != "/#")).Sample(
        static (allowed, filter) => Covers(allowed, filter) || Witnesses(filter).Any(topic => Matches(filter, topic) && !Matches(allowed, topic)),
        iter: 10_000);

    /// <summary>Topics that the filter matches: its wildcards stand for what nobody has named.</summary>
    private static IEnumerable<string> Witnesses(string filter)
    {
        var named = filter.Replace("+", Fresh, StringComparison.Ordinal);
        return named.EndsWith('#')
            ? new[] { named[..^1].TrimEnd('/'), named[..^1] + Fresh, named[..^1] + Fresh + "/" + Fresh, named.Length > 1 ? named[..^2] : "" }.Where(static topic => topic.Length > 0)
            : [named];
    }

    private static bool Covers(string allowed, string filter) => FilterCover.Covers(Encoding.UTF8.GetBytes(allowed), Encoding.UTF8.GetBytes(filter));

    private static bool Matches(string filter, string topic) => TopicPattern.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic));
}
