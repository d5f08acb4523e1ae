using System.Text;
using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Systemd;

/// <summary>What is installed beside the agent: its unit, and the rule of what its user may do.</summary>
public sealed class ServiceUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Units_Verified_HaveNoFault()
    {
        var output = await Analyze(
            "verify", "--man=no", "--recursive-errors=no", Unit("messaging-agent.service"), Unit("messaging-agent-enroll.service"), Unit("messaging-agent-helper.socket"), Unit("messaging-agent-helper@.service"),
            Unit("messaging-agent-packages.socket"), Unit("messaging-agent-packages.service"), Unit("messaging-agent-shell.socket"), Unit("messaging-agent-shell@.service"),
            Unit("messaging-agent-updates.socket"), Unit("messaging-agent-updates.service"), Unit("messaging-agent-guard.timer"), Unit("messaging-agent-guard.service"));

        Assert.Equal("", output);
    }

    [Theory]
    [InlineData("messaging-agent.service", 25)]
    [InlineData("messaging-agent-enroll.service", 15)]
    [InlineData("messaging-agent-helper@.service", 10)]
    [InlineData("messaging-agent-guard.service", 10)]
    public async Task Unit_Exposure_StaysLow(string unit, int threshold) =>
        await Analyze("security", "--offline=true", "--no-pager", $"--threshold={threshold}", Unit(unit));

    [Fact]
    public void Socket_OfTheHelper_IsForTheAgentAlone()
    {
        var lines = File.ReadAllLines(Unit("messaging-agent-helper.socket"));

        Assert.Superset(
            new HashSet<string> { $"ListenStream={new SystemdOptions().Helper}", "SocketUser=root", "SocketGroup=messaging-agent", "SocketMode=0660", "Accept=yes" },
            lines.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Socket_OfPackages_IsForTheAgentAloneAndTakesTurns() => Assert.Superset(
        new HashSet<string> { $"ListenStream={new SystemdOptions().Packages}", "SocketUser=root", "SocketGroup=messaging-agent", "SocketMode=0660", "Accept=no" },
        File.ReadAllLines(Unit("messaging-agent-packages.socket")).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Socket_OfUpdates_IsForTheAgentAloneAndTakesTurns() => Assert.Superset(
        new HashSet<string> { "ListenStream=/run/messaging-agent-updates.sock", "SocketUser=root", "SocketGroup=messaging-agent", "SocketMode=0660", "Accept=no" },
        File.ReadAllLines(Unit("messaging-agent-updates.socket")).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Unit_OfUpdates_GoesOnWhenTheAgentIsRestartedAndHoldsNoHook()
    {
        var lines = File.ReadAllLines(Unit("messaging-agent-updates.service"));

        Assert.Contains("KillMode=mixed", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("PartOf=", StringComparison.Ordinal) || line.StartsWith("BindsTo=", StringComparison.Ordinal) || line.StartsWith("Requires=", StringComparison.Ordinal)
            || line.StartsWith("ProtectSystem", StringComparison.Ordinal) || line.StartsWith("SystemCallFilter", StringComparison.Ordinal) || line.StartsWith("MemoryDenyWriteExecute", StringComparison.Ordinal)
            || line.StartsWith("NoNewPrivileges", StringComparison.Ordinal) || line.StartsWith("Restrict", StringComparison.Ordinal) || line.StartsWith("Lock", StringComparison.Ordinal));
    }

    [Fact]
    public void Unit_OfTheAgent_IsStartedEvenWhenItsGuardFails() =>
        Assert.Contains("ExecStartPre=-+/usr/lib/messaging-agent/update-guard start", File.ReadAllLines(Path.Combine(FirmwareFolder.Path, "messaging-agent.service")));

    [Fact]
    public void Socket_OfShells_IsForTheAgentAlone() => Assert.Superset(
        new HashSet<string> { $"ListenStream={new SessionOptions().Helper}", "SocketUser=root", "SocketGroup=messaging-agent", "SocketMode=0660", "Accept=yes" },
        File.ReadAllLines(Unit("messaging-agent-shell.socket")).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Unit_OfPackages_LeavesDpkgRunningWhenItIsStoppedAndHoldsNoMaintainerScript()
    {
        var lines = File.ReadAllLines(Unit("messaging-agent-packages.service"));

        Assert.Contains("KillMode=mixed", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("ProtectSystem", StringComparison.Ordinal) || line.StartsWith("SystemCallFilter", StringComparison.Ordinal)
            || line.StartsWith("InaccessiblePaths", StringComparison.Ordinal) || line.StartsWith("MemoryDenyWriteExecute", StringComparison.Ordinal) || line.StartsWith("Requires=", StringComparison.Ordinal));
    }

    [Fact]
    public void Unit_OfTheHelper_HasNoneOfRootsPowersAndNoNetwork() => Assert.Superset(
        new HashSet<string> { "NoNewPrivileges=yes", "CapabilityBoundingSet=", "PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX", "ProtectSystem=strict" },
        File.ReadAllLines(Unit("messaging-agent-helper@.service")).ToHashSet(StringComparer.Ordinal));

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

    private static string Rules() => File.ReadAllText(Path.Combine(FirmwareFolder.Path, "50-messaging-agent.rules"));

    private static string RulesWith(string unit) => Rules().Replace($"// \"{unit}\"", $"\"{unit}\"", StringComparison.Ordinal);

    private static async Task<string> Analyze(params string[] arguments) =>
        Encoding.UTF8.GetString(await Tool.RunAsync(Tool.Require("/usr/bin/systemd-analyze", "systemd"), arguments, default));

    /// <summary>A unit, with the agent where something is here: systemd looks whether it can be executed.</summary>
    private string Unit(string name)
    {
        var unit = File.ReadAllText(Path.Combine(FirmwareFolder.Path, name));
        Assert.True(Path.GetExtension(name) is ".socket" or ".timer" || unit.Contains("ExecStart=/usr/bin/messaging-agent ", StringComparison.Ordinal)
            || unit.Contains("ExecStart=/usr/lib/messaging-agent/update-guard ", StringComparison.Ordinal));
        return _folder.Write(name, unit.Replace("/usr/bin/messaging-agent", Tool.Find("true"), StringComparison.Ordinal).Replace("/usr/lib/messaging-agent/update-guard", Tool.Find("true"), StringComparison.Ordinal));
    }
}
