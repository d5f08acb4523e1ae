using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>The power is pulled while the agent collects: nothing comes twice, and what is missing is named.</summary>
public sealed class PowerCutTests(RaspberryPi pi, ITestOutputHelper output) : IClassFixture<RaspberryPi>
{
    /// <summary>
    /// How long a board that has its network may take until the first lines of the boot are stored, in seconds. How long the emulated
    /// board takes to its network depends on the machine that emulates.
    /// </summary>
    private const double BackWithin = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task PowerCuts_WhileCollecting_DoubleNothingAndLeaveNoUnexplainedGap()
    {
        var back = new List<double>();
        var boots = new List<string> { await pi.BootId() };
        for (var cut = 0; cut < Board.Cuts; cut++)
        {
            await Stored(boots[^1]);
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(500, 15_000)), TimeProvider.System, TestContext.Current.CancellationToken);
            await pi.CutPower();

            await pi.PowerOn();
            boots.Add(await pi.BootId());
            await Stored(boots[^1]);
            var (sending, network) = (await pi.Uptime(), await NetworkAfter());
            back.Add(sending - network);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"cut {cut + 1}: sending {sending:0} s after the kernel started, {back[^1]:0} s after there was a network"));
        }

        // What was on its way at the last start has arrived when the spool is empty.
        await Eventually.Is("the spool is empty", Patience, async () =>
            JsonNode.Parse((await pi.Console.TryRun("messaging-agent status --json")).Output)!["spool"]!["unackedRecords"]!.GetValue<long>() < 3);
        var lines = new List<Line>();
        foreach (var kind in new[] { "journal", "file" })
        {
            lines.AddRange((await pi.Fleet.Api.LogBodies(pi.DeviceId, kind + " ")).Select(Line.Parse));
        }

        Assert.All(lines.GroupBy(static line => line), static same => Assert.True(same.Count() == 1, $"{same.Key} is stored {same.Count()} times."));
        foreach (var run in lines.GroupBy(static line => (line.Kind, line.Boot)))
        {
            // The tail may be lost with the power, from the card as well as from the agent; a hole may not be.
            Assert.Equal(Enumerable.Range(1, run.Count()), run.Select(static line => line.Number).Order());
        }

        Assert.Superset(boots.ToHashSet(StringComparer.Ordinal), lines.Select(static line => line.Boot).ToHashSet(StringComparer.Ordinal));
        var epochs = StoredEpochs.Read(pi.Fleet.TelemetryDatabase);
        Assert.True(epochs.Count > Board.Cuts, $"Only {epochs.Count} epochs after {Board.Cuts} cuts.");
        Assert.All(epochs.SkipLast(1), static epoch => Assert.Empty(epoch.MissingUpToItsEnd));
        await AssertNoPointIsDoubled("system.memory.utilization");
        await AssertNoPointIsDoubled("system.uptime");
        Assert.All(back, static seconds => Assert.InRange(seconds, 0, BackWithin));
    }

    /// <summary>Seconds from the start of the kernel until the board had its address.</summary>
    private async Task<double> NetworkAfter() =>
        double.Parse((await pi.Console.Run("systemctl show -p ActiveEnterTimestampMonotonic --value pi-network")).Trim(), CultureInfo.InvariantCulture) / 1e6;

    private async Task AssertNoPointIsDoubled(string name)
    {
        var points = (await pi.Fleet.Api.Get($"{pi.Device}/metrics?name={name}&limit=100000&from=0"))["points"]!.AsArray();
        Assert.NotEmpty(points);
        Assert.Equal(points.Count, points.Select(static point => point!["time"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>Waits until a line of the journal and one of the file of this boot are stored.</summary>
    private async Task Stored(string boot)
    {
        try
        {
            await Eventually.Is($"lines of boot {boot} are stored", Patience, async () => await Found($"journal {boot} ") && await Found($"file {boot} "));
        }
        catch (TimeoutException)
        {
            // The board is gone when the test has failed: what it says now is all that there will be.
            foreach (var question in new[] { "date", "ip -brief address", "messaging-agent status --json", "systemctl status --no-pager messaging-agent", "journalctl --no-pager -b -u messaging-agent -n 60" })
            {
                output.WriteLine($"$ {question}\n{(await pi.Console.TryRun(question)).Output}");
            }

            throw;
        }
    }

    private async Task<bool> Found(string text) =>
        (await pi.Fleet.Api.Get($"{pi.Device}/logs?limit=1&search={Uri.EscapeDataString(text)}"))["items"]!.AsArray().Count > 0;

    /// <summary>A line of the board's counting service.</summary>
    private sealed record Line(string Kind, string Boot, int Number)
    {
        public static Line Parse(string text)
        {
            var words = text.Split(' ');
            return new Line(words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture));
        }
    }
}
