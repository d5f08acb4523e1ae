using System.Text;
using CsCheck;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Tests.Users;
using Messaging.Relay.Users;

namespace Messaging.Relay.Tests.Mqtt.Access;

public sealed class AclTests
{
    private static readonly MqttUser Meters = Some.User("meters");
    private static readonly Gen<string> Name = Gen.OneOf("a", "/", "+", "#", "$", "%", "c", "u", "m1", "ö").Array[0, 4].Select(string.Concat);
    private static readonly Gen<string> Level = Gen.OneOf("a", "%c", "x", "", "+", "m1", "$share");
    private static readonly Gen<string> Topic = Level.Array[1, 4].Select(static levels => string.Join('/', levels)).Where(static topic => topic.Length > 0);

    [Fact]
    public void Ids_PutIn_AllowWhatIsTheirs()
    {
        var acl = Of("sensor-1", ["dev/%c/#", "users/%u/+"], ["dev/%c/set"]);

        Assert.True(MayPublish(acl, "dev/sensor-1/temperature"));
        Assert.True(MayPublish(acl, "users/meters/x"));
        Assert.False(MayPublish(acl, "dev/sensor-2/temperature"));
        Assert.False(MayPublish(acl, "users/others/x"));
        Assert.True(MaySubscribe(acl, "dev/sensor-1/set"));
        Assert.False(MaySubscribe(acl, "dev/+/set"));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("a/#")]
    [InlineData("$SYS")]
    [InlineData("")]
    public void Ids_ThatAreNoLevel_AreWorthNothing(string clientId)
    {
        var acl = Of(clientId, ["%c/#", "dev/%c", "fixed"], ["%c/#", "dev/%c"]);

        Assert.False(MayPublish(acl, "dev/" + (clientId.Length == 0 ? "x" : clientId)));
        Assert.False(MayPublish(acl, "dev/a"));
        Assert.False(MaySubscribe(acl, "dev/+"));
        Assert.False(MaySubscribe(acl, "#"));
        Assert.True(MayPublish(acl, "fixed"));
    }

    [Fact]
    public void Ids_WhateverTheyAre_WidenNothing() => Gen.Select(Name, Topic).Sample(
        static (clientId, topic) =>
        {
            var acl = Of(clientId, ["dev/%c/#"], ["dev/%c/#"]);
            var isBelow = topic == "dev/" + clientId || topic.StartsWith("dev/" + clientId + "/", StringComparison.Ordinal);
            return (!MaySubscribe(acl, topic) || (isBelow && clientId.Length > 0)) && (topic.Contains('+', StringComparison.Ordinal) || !MayPublish(acl, topic) || isBelow);
        },
        iter: 10_000);

    [Fact]
    public void Names_ThatLookLikePlaceholders_StayWhatTheyAre()
    {
        var acl = new Acl(Some.User("%c", publish: ["%u/x"]), "victim"u8);

        Assert.True(MayPublish(acl, "%c/x"));
        Assert.False(MayPublish(acl, "victim/x"));
    }

    [Theory]
    [InlineData("m1/d/00000000000000000000000000000000/up")]
    [InlineData("m1")]
    [InlineData("channels/x")]
    [InlineData("channels")]
    public void Reserved_EvenWithEverything_IsRefused(string topic)
    {
        var acl = Of("m1", ["#", "+/#", "%c/#"], ["#", "%c/#"]);

        Assert.False(MayPublish(acl, topic));
        Assert.False(MaySubscribe(acl, topic));
        Assert.False(MaySubscribe(acl, topic + "/#"));
        Assert.True(MayPublish(acl, "m10/x"));
        Assert.True(MaySubscribe(acl, "#"));
    }

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a+")]
    [InlineData("")]
    [InlineData("$share/g/a")]
    [InlineData("m1/#")]
    [InlineData("channels/+")]
    public void Pattern_ThatIsNone_HasAProblem(string pattern) => Assert.NotNull(AclPattern.Problem(pattern));

    [Fact]
    public void Decision_ThatIsRemembered_TakesNoMemory()
    {
        var permissions = Some.Permissions(Some.User("u", publish: ["a/#"]));
        byte[][] topics = ["a/1"u8.ToArray(), "a/2"u8.ToArray(), "b/1"u8.ToArray()];
        Array.ForEach(topics, topic => permissions.MayPublish(topic));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var allowed = 0;
        for (var round = 0; round < 1000; round++)
        {
            foreach (var topic in topics)
            {
                allowed += permissions.MayPublish(topic) ? 1 : 0;
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2000, allowed);
    }

    [Fact]
    public void Decisions_OfManyTopics_AreAllRight()
    {
        var permissions = Some.Permissions(Some.User("u", publish: ["a/+"]));
        for (var round = 0; round < 2; round++)
        {
            for (var topic = 0; topic < 1000; topic++)
            {
                Assert.True(permissions.MayPublish(Encoding.UTF8.GetBytes($"a/{topic}")));
                Assert.False(permissions.MayPublish(Encoding.UTF8.GetBytes($"b/{topic}")));
            }
        }
    }

    private static Acl Of(string clientId, string[] publish, string[] subscribe) => new(Meters with { Publish = publish, Subscribe = subscribe }, Encoding.UTF8.GetBytes(clientId));

    private static bool MayPublish(Acl acl, string topic) => acl.MayPublish(Encoding.UTF8.GetBytes(topic));

    private static bool MaySubscribe(Acl acl, string filter) => acl.MaySubscribe(Encoding.UTF8.GetBytes(filter));
}
