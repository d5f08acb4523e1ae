using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Disk;
using Messaging.Agent.Helper;
using Messaging.Agent.Hosting.Logging;
using Messaging.Agent.Updates.Root;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent updates</c>: what systemd starts, as root, when somebody connects to messaging-agent-updates.socket.</summary>
internal static class UpdatesCommand
{
    private const string AgentFolder = "/var/lib/messaging-agent/updates";

    /// <summary>Who asked is asked for again soon, or not for long.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var policy = Text("--policy", $"What may be done; {HelperPolicyFile.DefaultPath} unless given.", "FILE", HelperPolicyFile.DefaultPath);
        var user = Text("--user", $"The user that the agent runs as, who may ask; {SocketActivation.AgentUser} unless given.", "NAME", SocketActivation.AgentUser);
        var folder = Text("--folder", $"Where it keeps what is installed; {UpdateFolder.DefaultPath} unless given.", "DIR", UpdateFolder.DefaultPath);
        var agent = Text("--agent-folder", $"Where the agent lays down what it has fetched; {AgentFolder} unless given.", "DIR", AgentFolder);
        var root = Text("--root-metadata", "TUF root metadata that the owner laid down, where trust in the repository begins.", "FILE", "/etc/messaging-agent/update-root.json");
        var hooks = Text("--hooks", "Folders of the programs that install kinds, by colons; the first that has one counts.", "DIRS", "/etc/messaging-agent/update.d:/usr/lib/messaging-agent/update.d");
        var systemctl = Text("--systemctl", "What restarts the agent and the machine.", "FILE", "/usr/bin/systemctl");
        var command = new Verb(
            "updates",
            "Installs updates for the agent, which is not root. Started by messaging-agent-updates.socket.",
            ("systemctl enable --now messaging-agent-updates.socket", "what the package does"))
        {
            policy,
            user,
            folder,
            agent,
            root,
            hooks,
            systemctl,
        };
        command.SetAction((parsed, ct) => RunAsync(
            parsed.GetValue(policy)!,
            parsed.GetValue(user)!,
            parsed.GetValue(folder)!,
            parsed.GetValue(agent)!,
            parsed.GetValue(root)!,
            parsed.GetValue(hooks)!,
            parsed.GetValue(systemctl)!,
            ct));
        return command;
    }

    private static Option<string> Text(string name, string description, string help, string value) =>
        new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => value };

    private static async Task<int> RunAsync(
        string policy, string user, string root, string agent, string firstRoot, string hooks, string systemctl, CancellationToken ct)
    {
        using var listener = SocketActivation.Take();
        if (listener is null)
        {
            return Failure.Say("The helper is started by systemd, for the agent: systemctl enable --now messaging-agent-updates.socket", ExitCodes.Usage);
        }

        var time = TimeProvider.System;
        using var loggers = new AgentLoggerFactory(LogOutputs.FromEnvironment(time));
        var logger = loggers.CreateLogger<UpdateServer>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            // The agent, which is not root, reads what is installed.
            var disk = new PhysicalDisk(isReadByAll: true);
            var folder = new UpdateFolder(disk, root);
            var owner = FileOwner.OfThisProcess();
            var laidDown = new AgentFolder(agent);
            var jobs = new UpdateJobs(
                folder,
                new ReleaseCheck(disk, folder.Metadata, laidDown, firstRoot, time),
                laidDown,
                new HookRunner(hooks.Split(':', StringSplitOptions.RemoveEmptyEntries), line => HookLog.Said(logger, line)),
                () => Policy(policy, owner));
            var server = new UpdateServer(jobs, SocketActivation.Users(user), word => NextAsync(systemctl, word), Idle, time, logger);
            await server.RunAsync(listener, stop.Token);
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            return Failure.Say($"The helper for updates cannot work: {e.Message}", ExitCodes.Failed);
        }
    }

    /// <summary>Without a file the default holds: it allows the agent itself, which is root's to take away.</summary>
    private static HelperPolicy Policy(string path, uint owner)
    {
        try
        {
            return File.Exists(path) ? HelperPolicyFile.Read(path, owner) : new HelperPolicy(path, [], Reboot: false, TimeSpan.Zero);
        }
        catch (HelperPolicyException e)
        {
            // Said as an answer: nothing is done.
            throw new IOException(e.Message, e);
        }
    }

    private static async Task NextAsync(string systemctl, string word)
    {
        string[] arguments = word switch
        {
            "restart-agent" => ["--no-block", "restart", "messaging-agent.service"],
            "reboot" => ["reboot"],
            _ => throw new IOException($"a hook wants '{word}' done next, which the helper does not know"),
        };
        try
        {
            using var process = Process.Start(systemctl, arguments);
            await process.WaitForExitAsync();
            _ = process.ExitCode == 0 ? 0 : throw new IOException($"{systemctl} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{systemctl} cannot be started: {e.Message}", e);
        }
    }
}
