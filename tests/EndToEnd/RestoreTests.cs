using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A server that is put back to an older backup has forgotten what it had confirmed, and devices may have deleted that.</summary>
public sealed class RestoreTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_RestoredFromAnOlderBackup_ConfirmsAllThatComesLaterAndNamesWhatIsGone(bool epochIsNewerThanBackup)
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent("Spool:SegmentBytes=512KiB", "Spool:MaxBytes=64MiB");
        await Append(fleet, "before", 10);
        await Stored(fleet, "before", 10);

        await StopControl(fleet);
        Copy(fleet.ControlData, fleet.Scratch["backup"]);
        await fleet.StartControl();
        if (epochIsNewerThanBackup)
        {
            await fleet.Agent.KillNow();
            await fleet.StartAgent("Spool:SegmentBytes=512KiB", "Spool:MaxBytes=64MiB");
        }

        // More than two segments of the spool, confirmed and deleted.
        var written = await Append(fleet, "since", 2000);
        await Stored(fleet, "since", written.Count);
        await EverythingConfirmed(fleet);

        await StopControl(fleet);
        Directory.Delete(fleet.ControlData, recursive: true);
        Copy(fleet.Scratch["backup"], fleet.ControlData);
        await fleet.StartControl();
        var after = await Append(fleet, "after", 50);

        await Stored(fleet, "after", after.Count);
        await EverythingConfirmed(fleet);
        Assert.Equal(after, (await fleet.Api.LogBodies(fleet.DeviceId, "after")).Order(StringComparer.Ordinal));
        Assert.Equal(10, (await fleet.Api.LogBodies(fleet.DeviceId, "before")).Count);

        // What the device still had came again; the older rest is named, and all of it.
        var again = (await fleet.Api.LogBodies(fleet.DeviceId, "since")).Order(StringComparer.Ordinal).ToList();
        Assert.True(again.Count < written.Count, "Nothing was lost, so that nothing was tested.");
        Assert.Equal(written.Skip(written.Count - again.Count), again);
        var gaps = (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/gaps"))["items"]!.AsArray();
        Assert.NotEmpty(gaps);
        Assert.All(gaps, static gap => Assert.Equal("server-restored", gap!["reason"]!.GetValue<string>()));
        Assert.Equal(gaps.Count, gaps.Select(static gap => (gap!["epochId"]!.GetValue<string>(), gap["stream"]!.ToString())).Distinct().Count());
        await Eventually.Get(
            "the device tells of the restored server",
            Soon,
            async () => (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/events"))["items"]!.AsArray(),
            static events => events.Any(static one =>
                one!["name"]!.GetValue<string>() == "spool.problem" && one["attributes"]!["kind"]!.GetValue<string>() == "server-restored"));

        // A start of the agent asks whether the epoch before it is whole: with the gaps it is.
        await fleet.Agent.KillNow();
        await fleet.StartAgent();
        await Append(fleet, "last", 1);
        await Stored(fleet, "last", 1);
        var epochs = StoredEpochs.Read(fleet.TelemetryDatabase);
        Assert.True(epochs.Count >= 2, "The agent was started again, so that there must be another epoch.");
        Assert.Empty(epochs[^2].MissingUpToItsEnd);
        var ping = await fleet.Api.Run(fleet.DeviceId, new JsonObject { ["type"] = "ping" }, TimeSpan.FromSeconds(60));
        Assert.Equal("done", ping["state"]!.GetValue<string>());
    }

    /// <summary>Lines that do not compress well.</summary>
    private static async Task<List<string>> Append(SplitFleet fleet, string name, int count)
    {
        var lines = Enumerable.Range(0, count)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{name} {i:D5} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(720))}"))
            .ToList();
        foreach (var part in lines.Chunk(100))
        {
            await File.AppendAllLinesAsync(fleet.FollowedFile, part);
        }

        return lines;
    }

    private static Task Stored(SplitFleet fleet, string name, int count) => Eventually.Get(
        $"{count} lines '{name}' are stored", Soon, async () => (await fleet.Api.LogBodies(fleet.DeviceId, name)).Count, found => found >= count);

    private static Task EverythingConfirmed(SplitFleet fleet) => Eventually.Get(
        "the spool waits for nothing", Soon, fleet.AgentStatus, static status => status["spool"]!["unackedRecords"]!.GetValue<long>() == 0);

    private static async Task StopControl(SplitFleet fleet)
    {
        fleet.Control.Terminate();
        await fleet.Control.WaitForExit(Soon);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
