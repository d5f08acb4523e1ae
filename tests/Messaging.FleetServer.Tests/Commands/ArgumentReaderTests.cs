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
    [InlineData("gpio-set", """{"name":"pump"}""", "args.value")]
    [InlineData("gpio-set", """{"name":"pump","value":1}""", "args.value")]
    [InlineData("gpio-set", """{"name":"pump","value":true,"pulse":0}""", "args.pulse")]
    [InlineData("gpio-set", """{"name":"pump","value":true,"pulse":3600001}""", "args.pulse")]
    [InlineData("app", """{"name":"plc","payload":"*"}""", "args.payload")]
    [InlineData("pwm-set", """{"name":"fan","duty":1.5}""", "args.duty")]
    [InlineData("pwm-set", """{"name":"fan","duty":"all"}""", "args.duty")]
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
        Assert.True(GpioSetArguments.TryDecode(Parse("gpio-set", """{"name":"pump","value":true,"pulse":500}"""), out var gpio));
        Assert.Equal(new GpioSetArguments("pump", true, TimeSpan.FromMilliseconds(500)), gpio);
        Assert.True(GpioSetArguments.TryDecode(Parse("gpio-set", """{"name":"pump","value":false,"pulse":null}"""), out gpio));
        Assert.Equal(new GpioSetArguments("pump", false, null), gpio);
        Assert.True(AppArguments.TryDecode(Parse("app", """{"name":"plc","arguments":["a"],"payload":"AQI="}"""), out var app));
        Assert.Equal("plc a 0102", $"{app.Name} {app.Arguments.Single()} {Convert.ToHexString(app.Payload.Span)}");
        Assert.True(PwmSetArguments.TryDecode(Parse("pwm-set", """{"name":"fan","duty":0.255}"""), out var pwm));
        Assert.Equal(new PwmSetArguments("fan", 255), pwm);
    }

    [Fact]
    public void Parse_OutputThatTheDeviceDoesNotDeclare_IsRefusedWithThoseThatItDoes()
    {
        var device = new Device { Id = new string('0', 32), Name = "d", IdentityPoint = [], HpkePoint = [], EnrolledHpkePoint = [] };
        device.Described = true;
        device.Facts["gpio.outputs"] = "pump,valve";

        var problem = Assert.Throws<ArgumentProblemException>(() => Parse("gpio-set", """{"name":"horn","value":true}""", device));

        Assert.Equal(("args.name", "The device's owner allows only: pump, valve."), (problem.Field, problem.Message));
        Assert.NotEmpty(Parse("gpio-set", """{"name":"valve","value":true}""", device));
    }

    private static byte[] Parse(string type, string json) => Parse(type, json, Undescribed);

    private static byte[] Parse(string type, string json, Device device)
    {
        using var document = JsonDocument.Parse(json);
        var reader = new ArgumentReader(document.RootElement);
        var arguments = CommandCatalog.Find(type)!.Parse(reader, device);
        reader.End();
        return arguments;
    }
}
