using System.CommandLine;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Messaging.Agent.Twin;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent run</c></summary>
internal static class RunCommand
{
    public static Command Create(SettingsOptions settings)
    {
        var command = new Verb(
            "run",
            "Runs until it is told to stop (what the systemd unit does).",
            ("messaging-agent run", "with /etc/messaging-agent/agent.conf"),
            ("messaging-agent run --set Logs:Files=/var/log/app.log", "with one option changed"));
        command.SetAction((parsed, ct) => Failure.GuardAsync(() => RunAsync(TwinSettings.Load(settings.Open(parsed), PhysicalDisk.Instance), ct)));
        return command;
    }

    private static async Task<int> RunAsync(AgentOptions options, CancellationToken ct)
    {
        var folder = new StateFolder(options.Device.State);
        if (!Directory.Exists(folder.Path))
        {
            return NotEnrolled(folder);
        }

        using var instance = InstanceLock.TryTake(folder.Lock);
        if (instance is null)
        {
            return Failure.Say($"Another agent uses {folder.Path}. Stop it first, or give this one a folder of its own with --state.", ExitCodes.AlreadyRunning);
        }

        var boot = new BootClock();
        using var state = AgentState.Open(folder, options, boot, TimeProvider.System, PhysicalDisk.Instance);
        if (state is null)
        {
            return NotEnrolled(folder);
        }

        return await AgentHost.RunAsync(options, state, boot, ct);
    }

    private static int NotEnrolled(StateFolder folder) => Failure.Say(
        $"This device is not enrolled ({folder.Path} holds no enrolment). Ask an operator for a token and run: messaging-agent enroll TOKEN",
        ExitCodes.Configuration);
}
