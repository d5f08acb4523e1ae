using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>What an owner has done on the board through its helpers, under a real systemd: packages, shells, limits, units that are wanted active.</summary>
public sealed class OwnerTests(RaspberryPiWithOwner pi, ITestOutputHelper output) : IClassFixture<RaspberryPiWithOwner>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Packages_OfAnArchive_AreInstalledAndUpgradedByTheHelper()
    {
        await pi.Order("packages", """{"action":"refresh"}""");
        var plan = await pi.Order("packages", """{"action":"install","packages":["pi-sample=1.0"]}""", "--dry-run");
        Assert.Contains("pi-sample", plan, StringComparison.Ordinal);
        Assert.NotEqual(0, (await pi.Console.TryRun("test -e /etc/pi-sample")).Code);

        await pi.Order("packages", """{"action":"install","packages":["pi-sample=1.0"]}""");
        Assert.Equal("as root", (await pi.Console.Run("cat /etc/pi-sample")).Trim());
        Assert.Equal("1.0", (await pi.Console.Run("dpkg-query -W -f='${Version}' pi-sample")).Trim());

        await pi.Order("packages", """{"action":"upgrade","packages":["pi-sample"]}""");
        Assert.Equal("2.0", (await pi.Console.Run("dpkg-query -W -f='${Version}' pi-sample")).Trim());
    }

    [Fact]
    public async Task Packages_ThatAreTheAgentItself_RestartItAndTheNewOneTellsTheResult()
    {
        var before = await pi.Console.Run("systemctl show -p MainPID --value messaging-agent");
        await pi.Order("packages", """{"action":"refresh"}""");

        var said = await pi.Order("packages", $$"""{"action":"install","packages":["{{RaspberryPiWithOwner.AgentPackage}}={{RaspberryPiWithOwner.NextVersion}}"]}""");

        output.WriteLine(said);
        Assert.Contains(RaspberryPiWithOwner.NextVersion, said, StringComparison.Ordinal);
        Assert.DoesNotContain("are missing", said, StringComparison.Ordinal);
        Assert.Equal("99.0", (await pi.Console.Run($"dpkg-query -W -f='${{Version}}' {RaspberryPiWithOwner.AgentPackage}")).Trim());
        Assert.NotEqual(before, await pi.Console.Run("systemctl show -p MainPID --value messaging-agent"));
        await pi.Online();
    }

    [Fact]
    public async Task Shell_OfTheUserThatRootNamed_IsOutsideOfTheSandbox()
    {
        await using (var shell = pi.Owner.Start(pi.Fleet.Url, "owner.pem", "shell", pi.DeviceId))
        {
            await shell.Type("echo who=$(id -un)=$(id -gn)");
            await shell.WaitForLine("who=pi=pi", Patience);
            await shell.Type("grep -c NoNewPrivs:.*0 /proc/self/status; cat /proc/self/cgroup; touch ~/written && echo written=$((1+1))");
            await shell.WaitForLine("written=2", Patience);
            await shell.WaitForLine("messaging-agent-shell@", Patience);
            // What is left behind in the background goes with the shell.
            await shell.Type("setsid sleep 98765 & sleep 1; exit 7");
            await shell.WaitForExit(Patience);
            output.WriteLine(shell.Output);
            Assert.Equal(7, shell.ExitCode);
        }

        await Eventually.Is("the shell's unit is gone", Patience, async () =>
            (await pi.Console.TryRun("systemctl list-units --no-legend 'messaging-agent-shell@*'")).Output.Trim().Length == 0);
        Assert.Equal("0", (await pi.Console.TryRun("ps -eo args | grep -c '^sleep 98765'")).Output.Trim());
    }

    [Fact]
    public async Task Script_IsHeldByACgroupOfItsOwn()
    {
        var (code, said) = await pi.Inline(
            """
            group=/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)
            echo "group $group"
            for file in memory.max pids.max cpu.max; do echo "$file $(cat $group/$file)"; done
            setsid sleep 12345 >/dev/null 2>&1 &
            """,
            """
            "memory":67108864,"processes":20,"cpu":0.5
            """);

        output.WriteLine(said);
        Assert.Equal(0, code);
        Assert.Contains("/system.slice/messaging-agent.service/", said, StringComparison.Ordinal);
        Assert.Contains("memory.max 67108864", said, StringComparison.Ordinal);
        Assert.Contains("pids.max 20", said, StringComparison.Ordinal);
        Assert.Contains("cpu.max 50000 100000", said, StringComparison.Ordinal);
        Assert.Equal("0", (await pi.Console.TryRun("ps -eo args | grep -c '^sleep 12345'")).Output.Trim());
    }

    [Fact]
    public async Task Script_ThatTakesTooMuchMemory_IsKilledAsAWholeAndTheAgentLives()
    {
        var before = await pi.Console.Run("systemctl show -p MainPID --value messaging-agent");

        var (code, said) = await pi.Inline("sleep 23456 &\nhead -c 200000000 /dev/zero | tail", "\"memory\":33554432");

        output.WriteLine(said);
        Assert.NotEqual(0, code);
        Assert.Contains("memory", said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("0", (await pi.Console.TryRun("ps -eo args | grep -c '^sleep 23456'")).Output.Trim());
        Assert.Equal(before, await pi.Console.Run("systemctl show -p MainPID --value messaging-agent"));
    }

    [Fact]
    public async Task Unit_ThatIsWantedActive_IsStartedAgainWhenSomebodyStopsIt()
    {
        await File.WriteAllTextAsync(pi.Owner["twin.json"], """{"units":["pi-count.service"],"settings":{"Intervals:cpu":"3s"}}""");
        await pi.Owner.Run(pi.Fleet.Url, "twin", "set", pi.DeviceId, pi.Owner["twin.json"], "--key", pi.Owner["owner.pem"]);
        await pi.Owner.Look(pi.Fleet.Url, "twin", "wait", pi.DeviceId, "--timeout", "10m", "--token-file", pi.Owner.TokenFile);

        await pi.Console.Run("systemctl stop pi-count");

        await Eventually.Is("it runs again", Patience, async () => (await pi.Console.TryRun("systemctl is-active pi-count")).Output.Trim() == "active");
        await Eventually.Is("the server knows that it was healed", Patience, async () =>
            (await pi.Fleet.Api.Get($"{pi.Device}/twin"))["reported"]?["properties"]!.AsArray()
                .Any(static one => one!["name"]!.GetValue<string>() == "pi-count.service" && one["healed"]!.GetValue<int>() == 1) == true);
    }
}
