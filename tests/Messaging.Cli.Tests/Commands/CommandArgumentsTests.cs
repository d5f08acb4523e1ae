using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Commands;

namespace Messaging.Cli.Tests.Commands;

public sealed class CommandArgumentsTests
{
    [Theory]
    [InlineData("ping")]
    [InlineData("reboot")]
    [InlineData("rotate-keys")]
    public void Encode_TypesWithoutArguments_AreEmpty(string type)
    {
        Assert.True(EmptyArguments.TryDecode(Encode(type, null)));
        Assert.True(EmptyArguments.TryDecode(Encode(type, " ")));
        Assert.True(EmptyArguments.TryDecode(Encode(type, "{}")));
        AssertRefused("it has none", type, """{"force":true}""");
    }

    [Fact]
    public void Encode_Collect_IsReadBack()
    {
        Assert.True(CollectArguments.TryDecode(Encode("collect", """{"collectors":["cpu","disk"]}"""), out var some));
        Assert.Equal(["cpu", "disk"], some.Collectors);
        Assert.True(CollectArguments.TryDecode(Encode("collect", null), out var all));
        Assert.Empty(all.Collectors);
        AssertRefused("list of at most 64", "collect", """{"collectors":"cpu"}""");
        AssertRefused("1 to 64 bytes", "collect", """{"collectors":[""]}""");
        AssertRefused("1 to 64 bytes", "collect", """{"collectors":[7]}""");
    }

    [Fact]
    public void Encode_SetIntervals_IsReadBack()
    {
        Assert.True(SetIntervalsArguments.TryDecode(
            Encode("set-intervals", """{"intervals":{"cpu":"10s","disk":60000,"net":"1.5s","log":0,"gpu":"0"}}"""), out var read));
        Assert.Equal(
            [("cpu", 10_000), ("disk", 60_000), ("net", 1_500), ("log", 0), ("gpu", 0)],
            read.Intervals.Select(one => (one.Key, (int)one.Value.TotalMilliseconds)));
        foreach (var wrong in new[] { "-1", "1.5", "\"10\"", "\"0.5ms\"", "\"25h\"", "86400001", "null", "true", "\"-1s\"" })
        {
            AssertRefused("intervals.cpu", "set-intervals", $$$"""{"intervals":{"cpu":{{{wrong}}}}}""");
        }

        AssertRefused("1 to 64 collectors", "set-intervals", """{"intervals":{}}""");
        AssertRefused("1 to 64 collectors", "set-intervals", null);
    }

    [Fact]
    public void Encode_RestartUnit_IsReadBack()
    {
        Assert.True(RestartUnitArguments.TryDecode(Encode("restart-unit", """{"unit":"nginx.service"}"""), out var read));
        Assert.Equal("nginx.service", read.Unit);
        AssertRefused("is missing", "restart-unit", "{}");
        AssertRefused("1 to 255 bytes", "restart-unit", """{"unit":""}""");
        AssertRefused("without NUL", "restart-unit", """{"unit":"a\u0000b"}""");
    }

    [Fact]
    public void Encode_RunScript_IsReadBack()
    {
        Assert.True(RunScriptArguments.TryDecode(Encode("run-script", """{"name":"backup","arguments":["--full","ä"]}"""), out var read));
        Assert.Equal("backup", read.Name);
        Assert.Equal(["--full", "ä"], read.Arguments);
        Assert.True(RunScriptArguments.TryDecode(Encode("run-script", """{"name":"backup"}"""), out var bare));
        Assert.Empty(bare.Arguments);
        AssertRefused("no argument args; it has name, arguments, timeout, memory, processes, cpu, outputBytes", "run-script", """{"name":"backup","args":[]}""");
    }

    [Fact]
    public void Encode_GpioSet_IsReadBack()
    {
        Assert.True(GpioSetArguments.TryDecode(Encode("gpio-set", """{"name":"lamp","value":true,"pulse":500}"""), out var milliseconds));
        Assert.Equal(new GpioSetArguments("lamp", true, TimeSpan.FromMilliseconds(500)), milliseconds);
        Assert.True(GpioSetArguments.TryDecode(Encode("gpio-set", """{"name":"lamp","value":false,"pulse":"2s"}"""), out var text));
        Assert.Equal(new GpioSetArguments("lamp", false, TimeSpan.FromSeconds(2)), text);
        Assert.True(GpioSetArguments.TryDecode(Encode("gpio-set", """{"name":"lamp","value":true,"pulse":null}"""), out var stays));
        Assert.Null(stays.Pulse);
        AssertRefused("is true or false", "gpio-set", """{"name":"lamp","value":1}""");
        AssertRefused("1 to 3600000", "gpio-set", """{"name":"lamp","value":true,"pulse":0}""");
        AssertRefused("1 to 3600000", "gpio-set", """{"name":"lamp","value":true,"pulse":"61m"}""");
    }

    [Fact]
    public void Encode_PwmSet_IsReadBack()
    {
        Assert.True(PwmSetArguments.TryDecode(Encode("pwm-set", """{"name":"fan","duty":0.4567}"""), out var read));
        Assert.Equal(new PwmSetArguments("fan", 457), read);
        AssertRefused("from 0 to 1", "pwm-set", """{"name":"fan","duty":1.1}""");
        AssertRefused("from 0 to 1", "pwm-set", """{"name":"fan","duty":"1"}""");
    }

    [Fact]
    public void Encode_App_IsReadBack()
    {
        Assert.True(AppArguments.TryDecode(Encode("app", """{"name":"pump","arguments":["on"],"payload":"AQID"}"""), out var read));
        Assert.Equal(("pump", "on"), (read.Name, Assert.Single(read.Arguments)));
        Assert.Equal([1, 2, 3], read.Payload.ToArray());
        Assert.True(AppArguments.TryDecode(Encode("app", """{"name":"pump"}"""), out var bare));
        Assert.True(bare.Payload.IsEmpty);
        AssertRefused("in base64", "app", """{"name":"pump","payload":"!"}""");
        AssertRefused("in base64", "app", $$"""{"name":"pump","payload":"{{Convert.ToBase64String(new byte[AppArguments.MaxPayloadBytes + 1])}}"}""");
    }

    [Fact]
    public void Encode_TextThatIsNoJson_SaysWhere()
    {
        AssertRefused("is not JSON", "ping", "{unit: x}");
        AssertRefused("is not JSON", "ping", "{");
        AssertRefused("is not JSON", "ping", """{"a":1,}""");
        AssertRefused("is not JSON", "restart-unit", """{"unit":"a","unit":"b"}""");
        AssertRefused("is not JSON", "ping", new string('[', 100));
        AssertRefused("JSON object", "ping", "[]");
        AssertRefused("JSON object", "ping", "null");
        AssertRefused("no Unicode", "restart-unit", """{"unit":"\ud800"}""");
        AssertRefused("no Unicode", "ping", """{"\ud800":1}""");
    }

    [Fact]
    public void Catalog_DangerousTypes_AreBoundToABoot()
    {
        string[] harmless = ["ping", "collect", "set-intervals", "cancel", "file-read", "update", "desired-set"];
        Assert.Equal(
            harmless,
            CommandCatalog.Types.Where(type => CommandCatalog.Find(type) is { BoundToBoot: false, Idempotent: true }));
        Assert.All(CommandCatalog.Types.Except(harmless), type => Assert.True(CommandCatalog.Find(type) is { BoundToBoot: true, Idempotent: false }));
        Assert.Null(CommandCatalog.Find("format-disk"));
    }

    private static byte[] Encode(string type, string? json) => CommandArguments.Encode(CommandCatalog.Find(type)!, json);

    private static void AssertRefused(string reason, string type, string? json)
    {
        var refused = Assert.Throws<CliException>(() => Encode(type, json));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, refused.Code);
    }
}
