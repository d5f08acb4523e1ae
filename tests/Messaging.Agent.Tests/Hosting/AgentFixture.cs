namespace Messaging.Agent.Tests.Hosting;

/// <summary>A fleet with one enrolled device; the agent is started and killed at will.</summary>
internal sealed class AgentFixture : IAsyncDisposable
{
    private static readonly string[] Fast =
    [
        "--set", "Uplink:MetricsFlush=500ms", "--set", "Uplink:LogsFlush=200ms", "--set", "Intervals:cpu=250ms",
        "--set", "Uplink:ResendAfter=2s", "--set", "Transport:BackoffMinimum=200ms", "--set", "Logs:Journal=off",
    ];

    private AgentFixture(FakeFleet fleet, FakeControl control, string folder)
    {
        Fleet = fleet;
        Control = control;
        Folder = folder;
    }

    public FakeFleet Fleet { get; }

    public FakeControl Control { get; }

    public string Folder { get; }

    public string State => Disk?.Path ?? Path.Combine(Folder, "state");

    /// <summary>A small disk that the state folder is on, if any.</summary>
    public SmallDisk? Disk { get; private set; }

    public AgentProcess? Agent { get; private set; }

    public static async Task<AgentFixture> StartAsync(bool tls = false)
    {
        var fleet = await FakeFleet.StartAsync(tls);
        var fixture = new AgentFixture(fleet, new FakeControl(fleet), Directory.CreateTempSubdirectory("messaging-agent-").FullName);
        var (code, output) = await AgentProcess.RunAsync(fixture.State, "enroll", fleet.Token());
        Assert.True(code == 0, output);
        await fixture.Control.ConnectAsync();
        return fixture;
    }

    public AgentProcess Run(params string[] settings) => Run(new Dictionary<string, string>(), settings);

    public AgentProcess Run(IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        var arguments = new List<string> { "run" };
        arguments.AddRange(Fast);
        foreach (var setting in settings)
        {
            arguments.Add("--set");
            arguments.Add(setting);
        }

        return Agent = new AgentProcess(Disk?.Launcher ?? [], State, environment, [.. arguments]);
    }

    /// <summary>Puts the state folder on a small disk.</summary>
    public async Task MoveToSmallDiskAsync(int mebibytes) => Disk = await SmallDisk.MountAsync(Path.Combine(Folder, "disk"), State, mebibytes);

    /// <summary>Runs until control has its first records.</summary>
    public async Task<AgentProcess> RunConnectedAsync(params string[] settings)
    {
        var before = Control.Newest?.EpochId;
        var agent = Run(settings);
        await Control.UntilAsync(
            () => Control.Newest is { } newest && newest.EpochId != before && Control.Records.Any(record => record.Epoch == newest.EpochId),
            "a record of a new epoch; " + agent.Output,
            60);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }

        if (Disk is not null)
        {
            await Disk.DisposeAsync();
        }

        await Control.DisposeAsync();
        await Fleet.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
