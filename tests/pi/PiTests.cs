using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>The installed agent on the board: what a buyer of a Raspberry Pi meets.</summary>
public sealed class PiTests(RaspberryPi pi, ITestOutputHelper output) : IClassFixture<RaspberryPi>
{
    [Fact]
    public void Package_OnADeviceThatIsNotEnrolled_IsEnabledAndDoesNotStart()
    {
        Assert.Equal("enabled", pi.BeforeEnrolment.Enabled);
        Assert.Equal("inactive", pi.BeforeEnrolment.Active);
    }

    [Fact]
    public async Task Facts_OfTheBoard_NameTheModelAndTheArchitecture()
    {
        var device = await Eventually.Get(
            "the device has told what it is", TimeSpan.FromMinutes(3), () => pi.Fleet.Api.Get(pi.Device), static device => device["model"] is not null);

        Assert.StartsWith("Raspberry Pi 3", device["model"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("arm64", device["architecture"]!.GetValue<string>());
    }

    [Fact]
    public async Task Temperature_OfTheBoard_IsWhatTheKernelSays()
    {
        var kernel = double.Parse((await pi.Console.Run("cat /sys/class/thermal/thermal_zone0/temp")).Trim(), CultureInfo.InvariantCulture) / 1000;

        var point = await LatestPoint("hw.temperature&attribute=hw.name=cpu-thermal");

        Assert.Equal(kernel, point, 1.0);
    }

    [Fact]
    public async Task Memory_OfTheBoard_IsWhatTheKernelSays()
    {
        var words = (await pi.Console.Run("grep -E '^(MemTotal|MemAvailable):' /proc/meminfo")).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var kernel = 1 - (double.Parse(words[4], CultureInfo.InvariantCulture) / double.Parse(words[1], CultureInfo.InvariantCulture));

        var point = await LatestPoint("system.memory.utilization");

        Assert.Equal(kernel, point, 0.1);
    }

    [Fact]
    public async Task Agent_ThatHangs_IsStartedAgainByTheWatchdog()
    {
        var before = (await MainProcess()).Trim();
        await pi.Console.Run($"kill -STOP {before}");

        await Eventually.Get("systemd starts another process", TimeSpan.FromMinutes(5), MainProcess, after => after.Trim() is not "0" && after.Trim() != before);
        await Eventually.Is("the new one says that the one before did not end in order", TimeSpan.FromMinutes(3), async () =>
            (await pi.Fleet.Api.Get($"{pi.Device}/events?limit=50"))["items"]!.AsArray().Any(static one =>
                one!["name"]!.GetValue<string>() == "agent.started" && one["attributes"]!["previous"]!.GetValue<string>() == "unclean"));
        await pi.Online();
        Assert.Contains("watchdog", await pi.Console.Run("journalctl -b -u messaging-agent -o cat | grep -i watchdog | tail -n 3"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task RestartUnit_OfAnAllowedUnit_RestartsIt()
    {
        var before = await pi.Console.Run("systemctl show -p MainPID --value pi-count");

        var restarted = await pi.Command("restart-unit", new JsonObject { ["unit"] = "pi-count.service" });

        Assert.True(restarted["state"]!.GetValue<string>() == "done", restarted.ToJsonString());
        Assert.NotEqual(before, await pi.Console.Run("systemctl show -p MainPID --value pi-count"));
    }

    [Fact]
    public async Task Reboot_ByCommand_IsDoneWhenTheBoardIsBack()
    {
        var before = await pi.BootId();
        var created = await pi.Fleet.Api.Post($"{pi.Device}/commands", new JsonObject { ["type"] = "reboot" });
        await Eventually.Is("the board goes down", RaspberryPi.Boot, async () => pi.Board.IsOff || await Failed(created["id"]!.GetValue<string>()));

        await pi.PowerOnAgain();

        var ended = await pi.Fleet.Api.WaitForCommand(pi.DeviceId, created["id"]!.GetValue<string>(), RaspberryPi.Boot);
        Assert.Equal("done", ended["state"]!.GetValue<string>());
        Assert.NotEqual(before, await pi.BootId());
        await pi.Online();
    }

    [Fact]
    public async Task GpioSet_OfAnOutput_DrivesTheLine()
    {
        foreach (var (value, level) in new[] { (true, "hi"), (false, "lo"), (true, "hi") })
        {
            var set = await pi.Command("gpio-set", new JsonObject { ["name"] = "lamp", ["value"] = value });

            Assert.True(set["state"]!.GetValue<string>() == "done", set.ToJsonString());
            Assert.Contains($"out {level}", await Line17(), StringComparison.Ordinal);
        }

        await pi.Console.Run("systemctl stop messaging-agent");
        Assert.DoesNotContain("out hi", await Line17(), StringComparison.Ordinal);
        await pi.Console.Run("systemctl start messaging-agent");
        await pi.Online();
    }

    [Fact]
    public async Task Memory_OfTheAgent_IsSmall()
    {
        // Other tests start it anew: what its start needs is given back after a while.
        await Eventually.Is("the agent runs for four minutes", TimeSpan.FromMinutes(8), async () =>
            await pi.Uptime() - (double.Parse((await pi.Console.Run("systemctl show -p ActiveEnterTimestampMonotonic --value messaging-agent")).Trim(), CultureInfo.InvariantCulture) / 1e6) >= 240);
        var rows = (await pi.Console.Run($"grep -E '^(VmRSS|RssAnon):' /proc/{(await MainProcess()).Trim()}/status")).Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var (resident, anonymous) = (long.Parse(rows[1], CultureInfo.InvariantCulture) / 1024.0, long.Parse(rows[4], CultureInfo.InvariantCulture) / 1024.0);
        var uptime = await pi.Uptime();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{resident:0.0} MiB resident, {anonymous:0.0} MiB of it anonymous, {uptime:0} s after the kernel started"));

        Assert.InRange(resident, 1, Board.IsNative ? 22 : 50);
    }

    /// <summary>False while a command goes on or is done; fails the test when the board has refused it.</summary>
    private async Task<bool> Failed(string command)
    {
        var state = await pi.Fleet.Api.Get($"{pi.Device}/commands/{command}");
        Assert.False(state["state"]!.GetValue<string>() is "failed" or "rejected" or "expired", state.ToJsonString());
        return false;
    }

    /// <summary>What the kernel says of the line; nothing when nobody has it.</summary>
    private async Task<string> Line17() => (await pi.Console.TryRun("grep 'GPIO17' /sys/kernel/debug/gpio")).Output;

    private Task<string> MainProcess() => pi.Console.Run("systemctl show -p MainPID --value messaging-agent");

    private async Task<double> LatestPoint(string name)
    {
        var metrics = await Eventually.Get(
            $"a point of {name}",
            TimeSpan.FromMinutes(3),
            () => pi.Fleet.Api.Get($"{pi.Device}/metrics?name={name}&limit=1"),
            metrics => metrics["points"]!.AsArray().Count > 0);
        return metrics["points"]![0]!["value"]!.GetValue<double>();
    }
}
