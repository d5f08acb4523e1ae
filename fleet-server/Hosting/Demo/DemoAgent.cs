using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>The agent of this machine: enrolled once, kept running.</summary>
internal sealed class DemoAgent(
    DemoSettings settings, ChildLauncher launcher, IDeviceRegistry registry, IEnrolmentService enrolment, Announcer announcer, TimeProvider time)
{
    private const string Tag = "demo";
    private const long MaxLogBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A run of this length was a good one: the next pause is short again.</summary>
    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);

    private DemoFolder Folder => settings.Folder;

    /// <summary>The id of this machine's device; enrols it when it is not in the fleet (any more).</summary>
    /// <exception cref="DemoException">The agent could not enrol.</exception>
    public async Task<string> EnsureEnrolledAsync(string? knownId, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Folder.AgentState))
        {
            var known = knownId is null ? FindTagged() : registry.Find(knownId);
            if (known is { Status: DeviceStatus.Active })
            {
                return known.Id;
            }

            Directory.Delete(Folder.AgentState, recursive: true);
        }

        announcer.Say("Enrolling an agent for this machine ...");
        var token = await enrolment.CreateTokenAsync(
            new TokenRequest("demo", [Tag], 1, TokenLifetime, RequireApproval: false, "demo"), cancellationToken);
        await using var log = OpenLog();
        await using var child = await AgentChild.StartAsync(
            launcher, settings.Agent, ["enroll", "-", "--config", Folder.AgentConfiguration], token.Text, log, time);
        var code = await child.WaitAsync(cancellationToken);
        return code == 0 && FindTagged() is { } device
            ? device.Id
            : throw new DemoException($"The agent could not enrol (exit code {code}): {child.LastLine} More in {Folder.AgentLog}.");
    }

    /// <summary>Runs the agent again and again until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            var started = time.GetTimestamp();
            await using (var log = OpenLog())
            await using (var child = await AgentChild.StartAsync(
                launcher, settings.Agent, ["run", "--config", Folder.AgentConfiguration], "", log, time))
            {
                var code = await child.WaitAsync(cancellationToken);
                pause = time.GetElapsedTime(started) > GoodRun ? FirstPause : pause;
                announcer.Say(
                    $"The agent (process {child.Pid}) ended with exit code {code}: {child.LastLine} It is started again in {pause.TotalSeconds:0} s; see {Folder.AgentLog}.");
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private DeviceSnapshot? FindTagged() => registry.List()
        .Where(static device => device.Status == DeviceStatus.Active && device.Tags.Contains(Tag, StringComparer.Ordinal))
        .MaxBy(static device => device.CreatedAt);

    private StreamWriter OpenLog() =>
        new(Folder.AgentLog, append: new FileInfo(Folder.AgentLog) is { Exists: true, Length: < MaxLogBytes });
}
