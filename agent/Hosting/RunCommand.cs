using System.CommandLine;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent run</c></summary>
internal static class RunCommand
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    public static Command Create(SettingsOptions settings)
    {
        var command = new Verb(
            "run",
            "Runs until it is told to stop (what the systemd unit does).",
            ("messaging-agent run", "with /etc/messaging-agent/agent.conf"),
            ("messaging-agent run --set Logs:Files=/var/log/app.log", "with one option changed"));
        command.SetAction((parsed, ct) => Failure.GuardAsync(() => RunAsync(settings.Read(parsed), ct)));
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

        using var host = Build(options, state, boot);
        await host.RunAsync(ct);
        return Environment.ExitCode;
    }

    private static int NotEnrolled(StateFolder folder) => Failure.Say(
        $"This device is not enrolled ({folder.Path} holds no enrolment). Ask an operator for a token and run: messaging-agent enroll TOKEN",
        ExitCodes.Configuration);

    private static IHost Build(AgentOptions options, AgentState state, BootClock boot)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Polly", LogLevel.Error);
        if (SystemdHelpers.IsSystemdService())
        {
            // Levels as the journal knows them; it adds the time itself.
            builder.Services.AddSystemd();
            builder.Services.AddHostedService<Watchdog>();
            builder.Logging.AddSystemdConsole();
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.Services.AddMessagingAgent(options, state, boot);
        return builder.Build();
    }
}
