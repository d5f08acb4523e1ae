using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Updates;
using Messaging.Updates.Metadata;

namespace Messaging.Cli.Tests.Updates;

public sealed class UpdateTargetTests
{
    private static readonly TargetsMetadata Targets = Parse(
        Target("agents/a-arm64", Release("app", "1.4.0", 4)), Target("agents/a-x64", Release("app", "1.4.0", 4)), Target("agents/b", Release("app", "1.5.0", 5)),
        Target("deltas/d", """{"messaging-delta":{}}"""), Target("odd", """{"messaging":{"kind":"agent"}}"""), Target("one@1.0.0", Release("one", "1.0.0", 1)));

    [Theory]
    [InlineData("agents/a-x64", "agents/a-x64", "1.4.0")]
    [InlineData("app@1.5.0", "agents/b", "1.5.0")]
    [InlineData("one@1.0.0", "one@1.0.0", "1.0.0")]
    public void Find_ByPathOrNameAndVersion_IsTheRelease(string text, string path, string version)
    {
        var (target, release) = UpdateTarget.Find(Targets, text);

        Assert.Equal((path, version), (target.Path, release.Version.ToString()));
    }

    [Theory]
    [InlineData("app@1.4.0", "agents/a-arm64, agents/a-x64")]
    [InlineData("app", "app@1.5.0, app@1.4.0")]
    [InlineData("app@9.0.0", "fleetctl artifact list")]
    [InlineData("nothing", "fleetctl artifact list")]
    [InlineData("deltas/d", "no release")]
    [InlineData("odd", "no release")]
    public void Find_WhatIsNoneOrSeveral_SaysWhatToType(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<CliException>(() => UpdateTarget.Find(Targets, text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Find_WithoutARepository_SaysHowToBeginOne()
    {
        Assert.Contains("artifact init", Assert.Throws<CliException>(() => UpdateTarget.Find(null, "app@1.4.0")).Message, StringComparison.Ordinal);
        Assert.Contains("artifact add", Assert.Throws<CliException>(() => UpdateTarget.Find(Parse(), "app@1.4.0")).Message, StringComparison.Ordinal);
    }

    private static string Release(string name, string version, long counter) =>
        $$$"""{"messaging":{"kind":"agent","name":"{{{name}}}","version":"{{{version}}}","counter":{{{counter}}} }}""";

    private static string Target(string path, string custom) => $$"""
        "{{path}}":{"length":5,"hashes":{"sha256":"{{new string('a', 64)}}"},"custom":{{custom}}}
        """;

    private static TargetsMetadata Parse(params string[] targets) => TargetsMetadata.Parse(Encoding.UTF8.GetBytes($$"""
        {"signatures":[{"keyid":"k","sig":"00ff"}],"signed":{"_type":"targets","spec_version":"1.0.31","version":3,"expires":"2030-01-31T12:00:00Z","targets":{ {{string.Join(',', targets)}} } } }
        """));
}
