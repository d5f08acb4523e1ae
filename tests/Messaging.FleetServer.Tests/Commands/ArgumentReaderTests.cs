using System.Text.Json;
using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Tests.Commands;

public sealed class ArgumentReaderTests
{
    private static readonly Device Undescribed = new()
    {
        Id = new string('0', 32),
        Name = "d",
        IdentityPoint = [],
        HpkePoint = [],
        EnrolledHpkePoint = [],
    };

    [Theory]
    [InlineData("ping", """{"loud":true}""", "args.loud")]
    [InlineData("ping", "[]", "args")]
    [InlineData("restart-unit", "{}", "args.unit")]
    [InlineData("restart-unit", """{"unit":7}""", "args.unit")]
    [InlineData("restart-unit", """{"unit":""}""", "args.unit")]
    [InlineData("collect", """{"collectors":"cpu"}""", "args.collectors")]
    [InlineData("collect", """{"collectors":[1]}""", "args.collectors")]
    [InlineData("set-intervals", "{}", "args.intervals")]
    [InlineData("set-intervals", """{"intervals":{}}""", "args.intervals")]
    [InlineData("set-intervals", """{"intervals":{"cpu":-1}}""", "args.intervals.cpu")]
    [InlineData("set-intervals", """{"intervals":{"cpu":1.5}}""", "args.intervals.cpu")]
    [InlineData("set-intervals", """{"intervals":{"cpu":99999999999}}""", "args.intervals.cpu")]
    [InlineData("run-script", """{"name":"a\u0000b"}""", "args.name")]
    public void Parse_WrongArguments_NamesTheField(string type, string json, string field)
    {
        var problem = Assert.Throws<ArgumentProblemException>(() => Parse(type, json));

        Assert.Equal(field, problem.Field);
    }

    [Fact]
    public void Parse_RightArguments_GivesTheWireForm()
    {
        Assert.True(SetIntervalsArguments.TryDecode(Parse("set-intervals", """{"intervals":{"cpu":2000}}"""), out var intervals));
        Assert.Equal(TimeSpan.FromSeconds(2), intervals.Intervals.Single().Value);
        Assert.True(RunScriptArguments.TryDecode(Parse("run-script", """{"name":"x","arguments":["1","zwei"]}"""), out var script));
        Assert.Equal(["1", "zwei"], script.Arguments);
        Assert.True(EmptyArguments.TryDecode(Parse("reboot", "null")));
    }

    private static byte[] Parse(string type, string json)
    {
        using var document = JsonDocument.Parse(json);
        var reader = new ArgumentReader(document.RootElement);
        var arguments = CommandCatalog.Find(type)!.Parse(reader, Undescribed);
        reader.End();
        return arguments;
    }
}
