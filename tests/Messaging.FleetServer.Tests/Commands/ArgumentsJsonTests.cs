using System.Text.Json;
using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Tests.Commands;

public sealed class ArgumentsJsonTests
{
    public static TheoryData<string, string> Arguments { get; } = new()
    {
        { CommandTypes.Ping, "{}" },
        { CommandTypes.Collect, """{"collectors":["cpu","disk"]}""" },
        { CommandTypes.SetIntervals, """{"intervals":{"cpu":2000,"disk":0}}""" },
        { CommandTypes.RestartUnit, """{"unit":"a.service"}""" },
        { CommandTypes.RunScript, """{"name":"hello","arguments":["one","\u003Ctwo\u003E \u0022"]}""" },
        { CommandTypes.GpioSet, """{"name":"lamp","value":true,"pulse":500}""" },
        { CommandTypes.GpioSet, """{"name":"lamp","value":false,"pulse":null}""" },
        { CommandTypes.PwmSet, """{"name":"fan","duty":0.125}""" },
        { CommandTypes.App, """{"name":"x","arguments":[],"payload":"AQI="}""" },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public void Of_WhatTheApiTakes_IsWhatTheApiTook(string type, string json)
    {
        using var document = JsonDocument.Parse(json);
        var device = new Device { Id = new string('d', 32), Name = "d", IdentityPoint = [], HpkePoint = [], EnrolledHpkePoint = [] };

        var encoded = CommandCatalog.Find(type)!.Parse(new ArgumentReader(document.RootElement), device);

        Assert.Equal(json, ArgumentsJson.Of(type, encoded));
    }

    [Theory]
    [InlineData("run-script", "80")]
    [InlineData("run-script", "")]
    [InlineData("run-script", "9bffffffffffffffff")]
    [InlineData("gpio-set", "8361616161f6")]
    [InlineData("something-else", "8161")]
    public void Of_WhatIsNoneOfTheType_IsNothing(string type, string hex) => Assert.Equal("{}", ArgumentsJson.Of(type, Convert.FromHexString(hex)));
}
