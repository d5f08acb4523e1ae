using System.Text;
using CsCheck;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Tests.Mqtt;

public sealed class TopicTests
{
    [Fact]
    public void RetainedMessages_ThatAFilterFinds_AreThoseThatMatchItOneByOne()
    {
        var topics = Gen.OneOf("a", "b", "", "$s").Array[1, 4].Select(static one => string.Join('/', one)).Where(static one => one.Length > 0);
        var filters = Gen.Select(Gen.OneOf("a", "b", "", "+", "$s").Array[1, 4], Gen.Bool, static (one, isMulti) => string.Join('/', isMulti ? [.. one, "#"] : one))
            .Where(static one => one.Length > 0);
        Gen.Select(topics.Array[0, 30], topics.Array[0, 10], filters.Array[1, 5]).Sample(
            (kept, forgotten, wanted) =>
            {
                var all = new RetainedMessages(100, 1_000_000);
                foreach (var topic in kept)
                {
                    Assert.True(all.TryKeep(new StoredMessage(new Publication { Topic = Utf8(topic), ExpiresAtMs = long.MaxValue })));
                }

                foreach (var topic in forgotten.Distinct(StringComparer.Ordinal))
                {
                    Assert.Equal(kept.Contains(topic, StringComparer.Ordinal), all.TryForget(Utf8(topic)));
                }

                foreach (var filter in wanted)
                {
                    var expected = kept.Except(forgotten, StringComparer.Ordinal).Where(topic => TopicPattern.Matches(Utf8(filter), Utf8(topic)));
                    Assert.Equal(expected.Order(StringComparer.Ordinal), all.Match(Utf8(filter), 0).Select(static one => Encoding.UTF8.GetString(one.Topic)).Order(StringComparer.Ordinal));
                }
            },
            iter: 2000);
    }

    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/monitor", true)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("A", "a", false)]
    public void Filter_MatchesAsTheStandardSays(string filter, string topic, bool matches)
    {
        var tree = new TopicTree();
        tree.Add(Subscription(filter));

        Assert.Equal(matches, TopicPattern.Matches(Utf8(filter), Utf8(topic)));
        Assert.Equal(matches ? 1 : 0, tree.Match(Utf8(topic)).Targets.Length);
    }

    [Theory]
    [InlineData("a/#/b", false)]
    [InlineData("a#", false)]
    [InlineData("+a", false)]
    [InlineData("a/b+/c", false)]
    [InlineData("", false)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/+/#", true)]
    [InlineData("/", true)]
    public void Filter_IsHeldAgainstTheStandard(string filter, bool isFilter) => Assert.Equal(isFilter, TopicText.IsFilter(Utf8(filter)));

    [Theory]
    [InlineData("$share/g/a/b", true, "g", "a/b")]
    [InlineData("$share//a", false, "", "")]
    [InlineData("$share/g", false, "", "")]
    [InlineData("$share/g+/a", false, "", "")]
    [InlineData("a/b", true, "", "a/b")]
    public void SharedSubscription_IsTakenApart(string text, bool isGood, string group, string filter)
    {
        Assert.Equal(isGood, TopicText.TrySplitShare(Utf8(text), out var foundGroup, out var foundFilter));
        if (isGood)
        {
            Assert.Equal((group, filter), (Encoding.UTF8.GetString(foundGroup), Encoding.UTF8.GetString(foundFilter)));
        }
    }

    [Fact]
    public void Depth_IsBounded()
    {
        var deep = string.Join('/', Enumerable.Repeat("a", TopicText.MaxLevels + 1));

        Assert.False(TopicText.IsFilter(Utf8(deep)));
        Assert.False(TopicText.IsName(Utf8(deep)));
    }

    /// <summary>The tree and the plain comparison agree, while subscriptions come and go.</summary>
    [Fact]
    public void Tree_AgreesWithThePattern()
    {
        string[] filters = ["a", "b", "+", "", "$x"], topics = ["a", "b", "", "$x"];
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4].Array[1, 3], Gen.Int[0, 3].Array[1, 3], Gen.Int[0, 1000]);
        step.Array[1, 60].Sample(
            steps =>
            {
                var tree = new TopicTree();
                var all = new List<Subscription>();
                foreach (var (kind, filter, topic, which) in steps)
                {
                    if (kind == 0 && all.Count > 0)
                    {
                        var gone = all[which % all.Count];
                        all.Remove(gone);
                        tree.Remove(gone);
                    }
                    else
                    {
                        var added = Subscription(string.Join('/', filter.Select(one => filters[one])) + (kind == 1 ? "/#" : ""));
                        all.Add(added);
                        tree.Add(added);
                    }

                    var name = Utf8(string.Join('/', topic.Select(one => topics[one])));
                    Assert.Equal(all.Count(one => TopicPattern.Matches(one.Filter, name)), tree.Match(name).Targets.Length);
                }
            },
            iter: 500);
    }

    [Fact]
    public void Session_WithOverlappingFilters_IsOneTarget()
    {
        var tree = new TopicTree();
        var session = NewSession();
        tree.Add(new Subscription(session, Utf8("a/#"), Utf8("a/#"), [], new SubscribeOptions(QualityOfService.AtMostOnce, true, false, 0), [1]));
        tree.Add(new Subscription(session, Utf8("a/+"), Utf8("a/+"), [], new SubscribeOptions(QualityOfService.ExactlyOnce, false, true, 0), [2]));

        var target = Assert.Single(tree.Match("a/b"u8).Targets);

        Assert.Equal((QualityOfService.ExactlyOnce, false, true), (target.Quality, target.NoLocal, target.RetainAsPublished));
        Assert.Equal([1U, 2U], target.Ids.Order());
    }

    [Fact]
    public void FloodOfTopics_IsNotRememberedWithoutEnd()
    {
        var tree = new TopicTree();
        tree.Add(Subscription("#"));
        for (var i = 0; i < 120_000; i++)
        {
            Assert.Single(tree.Match(Encoding.ASCII.GetBytes($"t/{i}")).Targets);
        }

        Assert.InRange(tree.RememberedCount, 1, TopicTree.MaxRemembered);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static Session NewSession() => new([1], new BrokerOptions(), new BrokerCounters(), new HeldBytes(long.MaxValue), journal: null!);

    private static Subscription Subscription(string filter) =>
        new(NewSession(), Utf8(filter), Utf8(filter), [], new SubscribeOptions(QualityOfService.AtMostOnce, false, false, 0), []);
}
