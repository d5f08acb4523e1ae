using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Hosting;
using Messaging.Agent.Identity;
using Messaging.Agent.Twin;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Twin;

public sealed class TwinSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_WhatIsDesired_StandsAboveAllElse()
    {
        Keep(new("Uplink:MetricsFlush", "7s"), new("Collect:Processes", "9"));

        var options = TwinSettings.Load(Sources("Uplink:MetricsFlush=3s"), PhysicalDisk.Instance);

        Assert.Equal((TimeSpan.FromSeconds(7), 9), (options.Uplink.MetricsFlush, options.Collect.Processes));
        Assert.Equal(TimeSpan.FromSeconds(3), options.Overlay.Base.MetricsFlush);
    }

    [Fact]
    public void Load_WhatTheOwnerDoesNotLetBeSet_IsLeftOut()
    {
        Keep(new("Uplink:MetricsFlush", "7s"), new("Collect:Processes", "9"));

        var options = TwinSettings.Load(Sources("Twin:Settings=Collect:*"), PhysicalDisk.Instance);

        Assert.Equal((TimeSpan.FromSeconds(60), 9), (options.Uplink.MetricsFlush, options.Collect.Processes));
        Assert.Contains("Twin:Settings", options.Overlay.Problems["Uplink:MetricsFlush"], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhatDoesNotGoTogetherWithTheFile_IsLeftOutAndTheAgentStarts()
    {
        Keep(new("Spool:MaxBytes", "1MiB"), new("Collect:Processes", "9"));

        var options = TwinSettings.Load(Sources("Spool:SegmentBytes=4MiB"), PhysicalDisk.Instance);

        Assert.Equal((256L * 1024 * 1024, 9), (options.Spool.MaxBytes, options.Collect.Processes));
        Assert.Contains("Spool:SegmentBytes", options.Overlay.Problems["Spool:MaxBytes"], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ADamagedDesiredState_IsAsIfThereWereNone()
    {
        Keep(new DesiredSetting("Collect:Processes", "9"));
        File.WriteAllText(new StateFolder(_folder).Twin, "x");

        Assert.Equal(5, TwinSettings.Load(Sources(), PhysicalDisk.Instance).Collect.Processes);
    }

    [Fact]
    public async Task Show_WhatIsDesired_SaysWhereItComesFrom()
    {
        Keep(new("Uplink:MetricsFlush", "7s"), new("Intervals:cpu", "2s"));
        using var output = new StringWriter();

        await ConfigCommand.ShowAsync(Sources(), json: true, output);

        Assert.Contains("""{"key":"Uplink:MetricsFlush","value":"7s","from":"desired","place":"desired state of the fleet"}""", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("""{"key":"Intervals:cpu","value":"2s","from":"desired"}""", output.ToString(), StringComparison.Ordinal);
    }

    private void Keep(params DesiredSetting[] settings) => Assert.True(
        new TwinStore(PhysicalDisk.Instance, new StateFolder(_folder).Twin, new StateFolder(_folder).TwinTold)
            .TryKeep(new TwinDocument(CommandId.Generate(), new DesiredState(3, settings, [], [], []))));

    private ConfigurationSources Sources(params string[] set)
    {
        var above = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Device:State"] = _folder, ["Twin:Settings"] = "*" };
        foreach (var one in set)
        {
            var parts = one.Split('=', 2);
            above[parts[0]] = parts[1];
        }

        return ConfigurationSources.Open(null, above);
    }
}
