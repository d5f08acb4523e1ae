using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Commands;
using Messaging.Commands.Catalog;
using Messaging.Fuzz;
using Messaging.Twin;
using Messaging.Updates.Releases;

namespace Messaging.Tests.Spec.Files;

/// <summary>Arguments as people write them, and on the wire: the server, fleetctl and the dashboard read them, each for itself.</summary>
internal sealed class CommandArgumentsFile : VectorDocument
{
    private const string Id = "03030303030303030303030303030303";
    private static readonly string LongText = new('x', 129);

    public override string Name => "command-arguments.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "args: as in JSON. hex: on the wire. Every reader of JSON writes these bytes, and refuses what is refused.",
        ["types"] = new JsonArray([.. CommandTypeCatalog.All.Select(static type => new JsonObject
        {
            ["type"] = type.Name,
            ["expiresIn"] = (long)type.Expiry.TotalSeconds,
            ["idempotent"] = type.IsIdempotent,
            ["boundToBoot"] = type.IsBoundToBoot,
            ["arguments"] = new JsonArray([.. type.Arguments.Select(static argument => (JsonNode)argument.Name)]),
        })]),
        ["accepted"] = Array(Accepted().Select(static one => new JsonObject { ["type"] = one.Type, ["args"] = JsonNode.Parse(one.Json), ["hex"] = Hex(one.Wire) })),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["type"] = one.Type, ["args"] = JsonNode.Parse(one.Json) })),
    };

    public override void Verify(JsonElement file)
    {
        var types = CommandTypeCatalog.All.Select(static type => type.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(types, Each(file, "accepted").Select(Type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(Each(file, "refused"), one => Assert.Contains(Type(one), types));

        // Each argument of each type is used by one that is accepted, and none that is not in the catalog.
        var used = Each(file, "accepted").SelectMany(one => one.GetProperty("args").EnumerateObject().Select(argument => $"{Type(one)}.{argument.Name}"));
        Assert.Equal(
            CommandTypeCatalog.All.SelectMany(static type => type.Arguments.Select(argument => $"{type.Name}.{argument.Name}")).Order(StringComparer.Ordinal),
            used.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        static string Type(JsonElement one) => one.GetProperty("type").GetString()!;
    }

    private static IEnumerable<(string Type, string Json, byte[] Wire)> Accepted()
    {
        yield return (CommandTypes.Ping, "{}", EmptyArguments.Encode());
        yield return (CommandTypes.Reboot, "{}", EmptyArguments.Encode());
        yield return (CommandTypes.RotateKeys, "{}", EmptyArguments.Encode());
        yield return (CommandTypes.Collect, """{"collectors":["cpu","disk"]}""", new CollectArguments(["cpu", "disk"]).Encode());
        yield return (CommandTypes.Collect, "{}", new CollectArguments([]).Encode());
        yield return (CommandTypes.SetIntervals, """{"intervals":{"cpu":2000,"disk":0}}""", new SetIntervalsArguments([new("cpu", TimeSpan.FromSeconds(2)), new("disk", default)]).Encode());
        yield return (CommandTypes.RestartUnit, """{"unit":"a.service"}""", new RestartUnitArguments("a.service").Encode());
        yield return (CommandTypes.RunScript, """{"name":"hello","arguments":["ä",""]}""", new RunScriptArguments("hello", ["ä", ""]).Encode());
        yield return (
            CommandTypes.RunScript, """{"name":"hello","timeout":90,"memory":67108864,"processes":32,"cpu":0.5,"outputBytes":1048576}""",
            new RunScriptArguments("hello", [], Samples.Limits).Encode());
        yield return (CommandTypes.RunScript, """{"name":"hello","timeout":null}""", new RunScriptArguments("hello", []).Encode());
        yield return (
            CommandTypes.RunInline, """{"interpreter":"/bin/sh","body":"echo $1\n","arguments":["a"],"timeout":90,"memory":67108864,"processes":32,"cpu":0.5,"outputBytes":1048576}""",
            new RunInlineArguments("/bin/sh", "echo $1\n"u8.ToArray(), ["a"], Samples.Limits).Encode());
        yield return (CommandTypes.RunInline, """{"interpreter":"/bin/sh","body":"ä"}""", new RunInlineArguments("/bin/sh", "ä"u8.ToArray(), [], RunLimits.None).Encode());
        yield return (CommandTypes.Cancel, $$"""{"command":"{{Id}}"}""", [0x81, 0x50, .. Samples.Bytes(16, 3)]);
        yield return (CommandTypes.FileRead, """{"path":"/etc/a"}""", new FileReadArguments("/etc/a", 0, FileReadArguments.MaxBytes).Encode());
        yield return (CommandTypes.FileRead, """{"path":"/etc/a","offset":5000000000,"length":10}""", new FileReadArguments("/etc/a", 5_000_000_000, 10).Encode());
        yield return (CommandTypes.FileWrite, """{"path":"/etc/a","content":"AQI="}""", new FileWriteArguments("/etc/a", 0x1a4, new byte[] { 1, 2 }, null).Encode());
        yield return (
            CommandTypes.FileWrite, """{"path":"/etc/a","content":"","mode":384,"expected":""}""",
            new FileWriteArguments("/etc/a", 0x180, default, ReadOnlyMemory<byte>.Empty).Encode());
        yield return (
            CommandTypes.FileWrite, $$"""{"path":"/etc/a","content":"AQI=","expected":"{{Hex(Samples.Bytes(32, 0xa4))}}"}""",
            new FileWriteArguments("/etc/a", 0x1a4, new byte[] { 1, 2 }, Samples.Bytes(32, 0xa4)).Encode());
        yield return (
            CommandTypes.Packages, """{"action":"install","packages":["my-app=2:1.0~rc1-1+b2","g++"],"allowDowngrade":true,"timeout":90,"outputBytes":1048576}""",
            Samples.Packages.Encode());
        yield return (CommandTypes.Packages, """{"action":"remove","packages":["my-app"],"recommends":null}""", new PackagesArguments(PackageAction.Remove, [Samples.Package("my-app")], false, false, RunLimits.None).Encode());
        yield return (CommandTypes.Packages, """{"action":"upgrade","recommends":true}""", new PackagesArguments(PackageAction.Upgrade, [], false, true, RunLimits.None).Encode());
        yield return (CommandTypes.Packages, """{"action":"refresh","packages":[]}""", new PackagesArguments(PackageAction.Refresh, [], false, false, RunLimits.None).Encode());
        yield return (CommandTypes.GpioSet, """{"name":"lamp","value":true}""", new GpioSetArguments("lamp", true, null).Encode());
        yield return (CommandTypes.GpioSet, """{"name":"lamp","value":false,"pulse":500}""", new GpioSetArguments("lamp", false, TimeSpan.FromMilliseconds(500)).Encode());
        yield return (CommandTypes.PwmSet, """{"name":"fan","duty":0.5}""", new PwmSetArguments("fan", 500).Encode());
        yield return (CommandTypes.App, """{"name":"plc","arguments":["set"],"payload":"AQI="}""", new AppArguments("plc", ["set"], new byte[] { 1, 2 }).Encode());
        yield return (CommandTypes.App, """{"name":"plc"}""", new AppArguments("plc", [], default).Encode());
        yield return (
            CommandTypes.Update, $$"""{"target":"a/b-1.4.0","length":0,"sha256":"{{Hex(Samples.Bytes(32, 0xd1))}}","key":null,"spread":null}""",
            new UpdateArguments { Target = "a/b-1.4.0", Length = 0, Sha256 = Samples.Bytes(32, 0xd1) }.Encode());
        yield return (
            CommandTypes.Update,
            $$"""
            {"target":"{{Samples.Update.Target}}","length":11534336,"sha256":"{{Hex(Samples.Update.Sha256.Span)}}","key":"{{Convert.ToBase64String(Samples.Update.Key!.Value.Span)}}",
            "mirrors":["https://mirror.example/fleet/"],"seconds":86400,"spread":3600}
            """,
            Samples.Update.Encode());
        yield return (CommandTypes.DesiredSet, """{"version":1}""", new DesiredState(1, [], [], [], []).Encode());
        yield return (
            CommandTypes.DesiredSet,
            """
            {"version":9007199254740991,"settings":{"Intervals:disk":"1m","Intervals:cpu":"30s"},"files":{"/etc/a/ä.conf":{"content":"AQI="},"/etc/a/b":{"content":"","mode":384}},
            "units":["b.service","a.service"],"app":{"pump.speed":0.5,"mode":"auto","on":true,"big":999999999999999,"small":0.0001,"zero":-0.0,"less":-12.25}}
            """,
            new DesiredState(
                DesiredState.MaxVersion,
                [new("Intervals:cpu", "30s"), new("Intervals:disk", "1m")],
                [new("/etc/a/b", 0x180, default), new("/etc/a/ä.conf", 0x1a4, new byte[] { 1, 2 })],
                ["a.service", "b.service"],
                [
                    new("big", AppValue.Of(999_999_999_999_999)!), new("less", AppValue.Of(-12.25)!), new("mode", AppValue.Of("auto")!), new("on", AppValue.Of(true)),
                    new("pump.speed", AppValue.Of(0.5)!), new("small", AppValue.Of(0.0001)!), new("zero", AppValue.Of(0)!),
                ]).Encode());
    }

    private static IEnumerable<(string Type, string Json)> Refused()
    {
        yield return (CommandTypes.Ping, """{"loud":true}""");
        yield return (CommandTypes.Collect, """{"collectors":"cpu"}""");
        yield return (CommandTypes.Collect, """{"collectors":[""]}""");
        yield return (CommandTypes.SetIntervals, "{}");
        yield return (CommandTypes.SetIntervals, """{"intervals":{}}""");
        yield return (CommandTypes.SetIntervals, """{"intervals":{"cpu":-1}}""");
        yield return (CommandTypes.SetIntervals, """{"intervals":{"cpu":0.5}}""");
        yield return (CommandTypes.SetIntervals, """{"intervals":{"cpu":86400001}}""");
        yield return (CommandTypes.RestartUnit, "{}");
        yield return (CommandTypes.RestartUnit, """{"unit":""}""");
        yield return (CommandTypes.RunScript, $$"""{"name":"{{LongText}}"}""");
        yield return (CommandTypes.RunScript, """{"name":"x","arguments":[1]}""");
        yield return (CommandTypes.RunScript, """{"name":"x","arguments":["a\u0000b"]}""");
        yield return (CommandTypes.RunScript, """{"name":"x","timeout":0}""");
        yield return (CommandTypes.RunScript, """{"name":"x","timeout":604801}""");
        yield return (CommandTypes.RunScript, """{"name":"x","timeout":1.5}""");
        yield return (CommandTypes.RunScript, """{"name":"x","memory":1048575}""");
        yield return (CommandTypes.RunScript, """{"name":"x","processes":0}""");
        yield return (CommandTypes.RunScript, """{"name":"x","cpu":0}""");
        yield return (CommandTypes.RunScript, """{"name":"x","cpu":"half"}""");
        yield return (CommandTypes.RunScript, """{"name":"x","outputBytes":16777217}""");
        yield return (CommandTypes.RunInline, """{"interpreter":"/bin/sh"}""");
        yield return (CommandTypes.RunInline, """{"interpreter":"/bin/sh","body":""}""");
        yield return (CommandTypes.RunInline, """{"body":"pwd"}""");
        yield return (CommandTypes.Cancel, "{}");
        yield return (CommandTypes.Cancel, """{"command":"0303"}""");
        yield return (CommandTypes.Cancel, """{"command":"0303030303030303030303030303030G"}""");
        yield return (CommandTypes.FileRead, """{"path":""}""");
        yield return (CommandTypes.FileRead, """{"path":"/a","length":0}""");
        yield return (CommandTypes.FileRead, """{"path":"/a","length":49153}""");
        yield return (CommandTypes.FileRead, """{"path":"/a","offset":-1}""");
        yield return (CommandTypes.FileWrite, """{"path":"/a"}""");
        yield return (CommandTypes.FileWrite, """{"path":"/a","content":"*"}""");
        yield return (CommandTypes.FileWrite, """{"path":"/a","content":"","mode":512}""");
        yield return (CommandTypes.FileWrite, """{"path":"/a","content":"","expected":"0303"}""");
        yield return (CommandTypes.Packages, "{}");
        yield return (CommandTypes.Packages, """{"action":"explode","packages":["my-app"]}""");
        yield return (CommandTypes.Packages, """{"action":"install"}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":"my-app"}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["-o"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app-"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["a"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["My-App"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app="]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app=a1"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app=1.0-"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app=x:1.0"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app/testing"]}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my app"]}""");
        yield return (CommandTypes.Packages, """{"action":"remove","packages":["my-app=1.0"]}""");
        yield return (CommandTypes.Packages, """{"action":"refresh","packages":["my-app"]}""");
        yield return (CommandTypes.Packages, """{"action":"upgrade","allowDowngrade":true}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app"],"allowDowngrade":"yes"}""");
        yield return (CommandTypes.Packages, """{"action":"install","packages":["my-app"],"memory":67108864}""");
        yield return (CommandTypes.GpioSet, """{"name":"lamp"}""");
        yield return (CommandTypes.GpioSet, """{"name":"lamp","value":1}""");
        yield return (CommandTypes.GpioSet, """{"name":"lamp","value":true,"pulse":0}""");
        yield return (CommandTypes.GpioSet, """{"name":"lamp","value":true,"pulse":3600001}""");
        yield return (CommandTypes.PwmSet, """{"name":"fan"}""");
        yield return (CommandTypes.PwmSet, """{"name":"fan","duty":1.1}""");
        yield return (CommandTypes.App, """{"name":"plc","payload":"*"}""");
        yield return (CommandTypes.App, """{"name":"plc","payload":7}""");
        yield return (CommandTypes.DesiredSet, "{}");
        yield return (CommandTypes.DesiredSet, """{"version":0}""");
        yield return (CommandTypes.DesiredSet, """{"version":9007199254740992}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"other":{}}""");
        foreach (var members in new[]
        {
            "", "\"length\":1", "\"target\":\"a\"", "\"target\":\"a\",\"length\":1,\"sha256\":\"\"", "\"target\":\"a\",\"length\":1,\"sha256\":\"00\"",
        })
        {
            yield return (CommandTypes.Update, $$"""{{{members}}}""");
        }

        foreach (var member in new[]
        {
            "\"target\":\"../a\"", "\"target\":\"/a\"", "\"length\":-1", "\"length\":1099511627777", "\"key\":\"AQI=\"", "\"key\":\"0303\"", "\"mirrors\":\"https://m\"", "\"mirrors\":[\"ftp://m/\"]",
            "\"mirrors\":[\"https://u@m/\"]", "\"mirrors\":[\"https://m/?a\"]", "\"mirrors\":[\"https://m/ \"]", "\"seconds\":59", "\"seconds\":31536001", "\"spread\":604801", "\"spread\":-1", "\"seconds\":60,\"spread\":60",
            "\"spred\":1",
        })
        {
            yield return (CommandTypes.Update, Update(member));
        }

        yield return (CommandTypes.DesiredSet, """{"version":1,"settings":{"Intervals":"1s"}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"settings":{"Intervals:cpu":1}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"settings":[]}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"files":{"etc/a":{"content":""}}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"files":{"/etc/../a":{"content":""}}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"files":{"/etc/a":{"mode":420}}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"files":{"/etc/a":{"content":"*"}}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"files":{"/etc/a":{"content":"","mode":512}}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"files":{"/etc/a":{"content":"","owner":"root"}}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"units":["nginx"]}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"units":["a.service","a.service"]}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"app":{"1st":1}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"app":{"a":null}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"app":{"a":1000000000000000}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"app":{"a":0.00001}}""");
        yield return (CommandTypes.DesiredSet, """{"version":1,"app":{"a":"x\ny"}}""");
    }

    /// <summary>An update with one member as it must not be.</summary>
    private static string Update(string member)
    {
        var good = new[] { "\"target\":\"a\"", "\"length\":1", $"\"sha256\":\"{Hex(Samples.Bytes(32, 0xd1))}\"" };
        var name = member[..member.IndexOf(':', StringComparison.Ordinal)];
        return $"{{{string.Join(',', good.Where(one => !one.StartsWith(name, StringComparison.Ordinal)).Append(member))}}}";
    }
}
