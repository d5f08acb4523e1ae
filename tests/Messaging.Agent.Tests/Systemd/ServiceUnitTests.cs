using System.Runtime.CompilerServices;
using System.Text;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Systemd;

/// <summary>What is installed beside the agent: its unit, and the rule of what its user may do.</summary>
public sealed class ServiceUnitTests : IDisposable
{
    private static readonly string Firmware = Path.GetFullPath(Path.Combine(Here(), "../../../firmware-scripts"));

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Unit_Verified_HasNoFault()
    {
        var output = await Analyze("verify", "--man=no", "--recursive-errors=no", Unit());

        Assert.Equal("", output);
    }

    [Fact]
    public async Task Unit_Exposure_StaysLow() => await Analyze("security", "--offline=true", "--no-pager", "--threshold=25", Unit());

    [Theory]
    [InlineData("messaging-agent", "org.freedesktop.systemd1.manage-units", "restart", "my-app.service", "yes")]
    [InlineData("messaging-agent", "org.freedesktop.systemd1.manage-units", "restart", "ssh.service", "not handled")]
    [InlineData("messaging-agent", "org.freedesktop.systemd1.manage-units", "stop", "my-app.service", "not handled")]
    [InlineData("messaging-agent", "org.freedesktop.login1.reboot", "", "", "yes")]
    [InlineData("messaging-agent", "org.freedesktop.login1.reboot-multiple-sessions", "", "", "yes")]
    [InlineData("messaging-agent", "org.freedesktop.login1.power-off", "", "", "not handled")]
    [InlineData("somebody", "org.freedesktop.login1.reboot", "", "", "not handled")]
    [InlineData("somebody", "org.freedesktop.systemd1.manage-units", "restart", "my-app.service", "not handled")]
    public async Task Rule_Action_IsLeftToTheSystemUnlessItIsTheAgents(string user, string action, string verb, string unit, string result)
    {
        var script = $$"""
            let rule;
            const polkit = { Result: { YES: "yes", NOT_HANDLED: "not handled" }, addRule: added => { rule = added; } };
            {{RulesWith("my-app.service")}}
            const details = { verb: "{{verb}}", unit: "{{unit}}" };
            process.stdout.write(rule({ id: "{{action}}", lookup: name => details[name] }, { user: "{{user}}" }));
            """;

        Assert.Equal(result, Encoding.UTF8.GetString(await Tool.RunAsync(Tool.Find("node"), ["-"], Encoding.UTF8.GetBytes(script))));
    }

    [Fact]
    public void Rule_AsShipped_LetsNoUnitBeRestarted() => Assert.NotEqual(RulesWith("my-app.service"), Rules());

    public void Dispose() => _folder.Dispose();

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private static string Rules() => File.ReadAllText(Path.Combine(Firmware, "50-messaging-agent.rules"));

    private static string RulesWith(string unit) => Rules().Replace($"// \"{unit}\"", $"\"{unit}\"", StringComparison.Ordinal);

    private static async Task<string> Analyze(params string[] arguments) =>
        Encoding.UTF8.GetString(await Tool.RunAsync(Tool.Require("/usr/bin/systemd-analyze", "systemd"), arguments, default));

    /// <summary>The unit, with the agent where it is here: systemd looks whether it can be executed.</summary>
    private string Unit()
    {
        var unit = File.ReadAllText(Path.Combine(Firmware, "messaging-agent.service"));
        Assert.Contains("ExecStart=/usr/bin/messaging-agent run\n", unit, StringComparison.Ordinal);
        return _folder.Write("messaging-agent.service", unit.Replace("/usr/bin/messaging-agent", Tool.Find("true"), StringComparison.Ordinal));
    }
}
