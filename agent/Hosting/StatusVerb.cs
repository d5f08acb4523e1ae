using System.CommandLine;
using System.Runtime.InteropServices;
using Messaging.Agent.Configuration;
using Messaging.Agent.Status;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent status</c></summary>
internal static class StatusVerb
{
    public static Command Create(SettingsOptions settings)
    {
        var json = new Option<bool>("--json") { Description = "For programs: one JSON object, with --watch one a line." };
        var watch = new Option<bool>("--watch") { Description = "Shows it again every 2 s, until Ctrl+C." };
        var command = new Verb(
            "status",
            "Shows what the agent does and what is wrong, on one screen, also when it does not run. Exit code: 0 all is well, 1 something is wrong, 3 it does not run, 4 that cannot be told.",
            ("messaging-agent status", "what the agent does, and what is wrong"),
            ("messaging-agent status --watch", "the same, kept up to date"),
            ("messaging-agent status --json | jq .spool", "for a program"),
            ("messaging-agent status --state /srv/agent", "an agent with a state folder of its own"))
        {
            json,
            watch,
        };
        command.SetAction((parsed, ct) => Failure.GuardAsync(async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, stop));
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, stop));
            var (options, problems) = Read(settings, parsed);
            var status = new StatusCommand(options, problems, parsed.GetValue(json), StatusTerminal.OfConsole(), TimeProvider.System);
            return parsed.GetValue(watch) ? await status.WatchAsync(stop.Token) : await status.RunAsync(stop.Token);
        }));
        return command;
    }

    /// <summary>A wrong configuration is one of the things that this screen is for.</summary>
    private static (AgentOptions Options, IReadOnlyList<StatusProblem> Problems) Read(SettingsOptions settings, ParseResult parsed)
    {
        try
        {
            return (settings.Read(parsed), []);
        }
        catch (AgentOptionsException e)
        {
            var options = new AgentOptions();
            options.Device.State = settings.State(parsed) ?? options.Device.State;
            return (options, [.. e.Problems.Select(problem => new StatusProblem(
                "configuration", problem, "Mend it: the agent does not start with it (messaging-agent config check).", null))]);
        }
    }

    private static void Cancel(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
