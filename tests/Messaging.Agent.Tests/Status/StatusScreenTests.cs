using Messaging.Agent.Status;

namespace Messaging.Agent.Tests.Status;

public sealed class StatusScreenTests
{
    [Fact]
    public void Render_AllWell_IsThisScreen() => Assert.Equal(
        """
        agent       0.1.0 running for 3h 12m, pid 1234, 47 MiB
        device      pi-kitchen (0123456789abcdef0123456789abcdef)
        fleet       aaaaaaaaaaaaaaaa..., root 2, roster 7
        connection  connected for 3h 11m, mqtts://fleet.example:8883, MQTT over TLS
                    last confirmed 2s ago, epoch 12
        spool       1.2 MiB of 256 MiB, everything is confirmed
        machine     cpu 12%, memory 43%, load 0.40, up 2d 7h
        collectors  every 2s: cpu*
                    every 10s: memory disk
                    every 1m: filesystem
                    temperature is unavailable: no thermal zone and no hwmon temperature
                    under /sys/class
                    * set by a command
        logs        /var/log/app.log: following, 1,234 lines, last 3s ago
                    journal: following, 99 lines, last 5m 0s ago
        commands    30s ago: ping done
                    earlier: reboot done: The device has restarted.

        problems    none

        """,
        StatusScreen.Render(Snapshots.Well, 80, isColored: false));

    [Fact]
    public void Render_FilesOnTheirWay_SaysHowFarAndWhatTheyWaitFor()
    {
        var files = new FilesStatus(3, null) { Name = "report.csv", Sealed = 1024 * 1024, Size = 4 * 1024 * 1024 };

        Assert.DoesNotContain("\nfiles", StatusScreen.Render(Snapshots.Well with { Files = new FilesStatus(0, null) }, 80, isColored: false), StringComparison.Ordinal);
        Assert.Contains(
            "files       3 wait for confirmation, report.csv: 1 MiB of 4 MiB\n",
            StatusScreen.Render(Snapshots.Well with { Files = files }, 80, isColored: false), StringComparison.Ordinal);
        Assert.Contains(
            "files       1 waits for confirmation, Files:DayBytes is used up for today\n",
            StatusScreen.Render(Snapshots.Well with { Files = new FilesStatus(1, "day") }, 80, isColored: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AnUpdate_SaysFromWhomItsBytesCame()
    {
        var update = new UpdateProgress("staged", "app/1.1.0/app.tar", "", 11 << 20, 0, 2048);
        var sharing = new SharingStatus(1, 11 << 20, 22 << 20);

        Assert.Contains(
            "update      staged app/1.1.0/app.tar, 11 MiB from neighbours, 2 KiB from the fleet\nshared      1 artifact kept for neighbours (11 MiB), 22 MiB given to them\n",
            StatusScreen.Render(Snapshots.Well with { Update = update, Sharing = sharing }, 100, isColored: false), StringComparison.Ordinal);
        Assert.Contains(
            "update      failed app/1.1.0/app.tar\n            Nobody answers.\n",
            StatusScreen.Render(Snapshots.Well with { Update = new("failed", update.Target, "Nobody answers.", 0, 0, 0) }, 80, isColored: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_HomesThatWereAsked_SaysWhatCameOfItAndWhenNext()
    {
        var trust = new TrustStatus(Snapshots.Now.AddHours(20), [new HomeStatus("https://www.example.org/fleet", Snapshots.Now.AddHours(-4), "nothing new")]);

        var screen = StatusScreen.Render(Snapshots.Well with { Trust = trust }, 80, isColored: false);

        Assert.Contains(
            "root 2, roster 7\n            https://www.example.org/fleet, asked 4h 0m ago: nothing new\n            asks for a newer roster in 20h 0m\n",
            screen,
            StringComparison.Ordinal);
        Assert.DoesNotContain("newer roster", StatusScreen.Render(Snapshots.Well with { Trust = new TrustStatus(null, trust.Homes) }, 80, isColored: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Trouble_SaysWhatAndWhatToDo()
    {
        var screen = StatusScreen.Render(Snapshots.Troubled, 80, isColored: false);

        Assert.Contains("connection  waiting for 40s", screen, StringComparison.Ordinal);
        Assert.Contains("mqtts://fleet.example:8883 through http://proxy:3128", screen, StringComparison.Ordinal);
        Assert.Contains("next attempt in 20s: wss://fleet.example/mqtt", screen, StringComparison.Ordinal);
        Assert.Contains("17 failed: Connection refused", screen, StringComparison.Ordinal);
        Assert.Contains("12,345 records wait for confirmation, the oldest for 1h 0m", screen, StringComparison.Ordinal);
        Assert.Contains("678 dropped", screen, StringComparison.Ordinal);
        Assert.Contains("units is hanging: took longer than 10 s", screen, StringComparison.Ordinal);
        Assert.Contains("problems    connection: The relay cannot be reached: Connection refused", screen, StringComparison.Ordinal);
        Assert.Contains("            -> Check the network, and that the fleet server runs;", screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(160)]
    public void Render_AnyWidth_FitsAndStaysOnOneScreen(int width)
    {
        foreach (var snapshot in new[] { Snapshots.Well, Snapshots.Troubled })
        {
            var lines = StatusScreen.Render(snapshot, width, isColored: false).Split('\n');

            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
            Assert.InRange(lines.Length - 1, 10, width < 80 ? 45 : snapshot.Problems.Count == 0 ? 23 : 28);
        }
    }

    [Fact]
    public void Render_ControlCharactersFromElsewhere_CannotSteerTheTerminal()
    {
        var screen = StatusScreen.Render(Snapshots.Troubled, 80, isColored: false);

        Assert.DoesNotContain('\u001b', screen);
        Assert.Contains("/var/log/?[2Jevil?.log", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Colored_HasTheSameText()
    {
        var colored = StatusScreen.Render(Snapshots.Troubled, 80, isColored: true);

        Assert.Contains("\u001b[1;31m", colored, StringComparison.Ordinal);
        Assert.Equal(
            StatusScreen.Render(Snapshots.Troubled, 80, isColored: false),
            System.Text.RegularExpressions.Regex.Replace(colored, "\u001b\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Render_NothingIsKnown_StillSaysSomething() => Assert.Equal(
        """
        agent       0.1.0 running for 3h 12m, pid 1234, 47 MiB
        device      not enrolled
        logs        none are followed: see Logs:Files

        problems    none

        """,
        StatusScreen.Render(
            new(1, Snapshots.Now, Snapshots.Well.Agent, null, null, null, [], [], [], [], new Dictionary<string, double>()), 80, isColored: false));
}
