using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Disk;
using Messaging.Agent.Helper;
using Messaging.Agent.Hosting.Logging;
using Messaging.Agent.Packages;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent packages</c>: what systemd starts, as root, when somebody connects to messaging-agent-packages.socket.</summary>
internal static class PackagesCommand
{
    /// <summary>Who asked is asked for again soon, or not for long.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var policy = Text("--policy", $"What may be done; {HelperPolicyFile.DefaultPath} unless given.", "FILE", HelperPolicyFile.DefaultPath);
        var user = Text("--user", $"The user that the agent runs as, who may ask; {SocketActivation.AgentUser} unless given.", "NAME", SocketActivation.AgentUser);
        var folder = Text("--folder", "Where it keeps what was asked for and what came of it.", "DIR", "/var/lib/messaging-agent-packages");
        var root = Text("--root", "The system whose packages are meant, as of dpkg; / unless given.", "DIR", "/");
        var wait = new Option<int>("--lock-wait")
        {
            Description = "Seconds for which another one who works with packages is waited for; 60 unless given.",
            HelpName = "SECONDS",
            DefaultValueFactory = static _ => 60,
        };
        var command = new Verb(
            "packages",
            "Installs, upgrades and removes packages for the agent, which is not root. Started by messaging-agent-packages.socket.",
            ("systemctl enable --now messaging-agent-packages.socket", "what the package does"))
        {
            policy,
            user,
            folder,
            root,
            wait,
        };
        command.SetAction((parsed, ct) => RunAsync(
            parsed.GetValue(policy)!, parsed.GetValue(user)!, parsed.GetValue(folder)!, new AptPlace(parsed.GetValue(root)!, Math.Max(0, parsed.GetValue(wait))), ct));
        return command;
    }

    private static Option<string> Text(string name, string description, string help, string value) =>
        new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => value };

    private static async Task<int> RunAsync(string policy, string user, string folder, AptPlace place, CancellationToken ct)
    {
        using var listener = SocketActivation.Take();
        if (listener is null)
        {
            return Failure.Say("The helper is started by systemd, for the agent: systemctl enable --now messaging-agent-packages.socket", ExitCodes.Usage);
        }

        var time = TimeProvider.System;
        using var loggers = new AgentLoggerFactory(LogOutputs.FromEnvironment(time));
        var disk = new PhysicalDisk();
        var store = new PackageStore(disk, folder);
        var owner = FileOwner.OfThisProcess();
        var server = new PackageServer(
            new PackageJob(place, store, disk, () => Policy(policy, owner), time),
            store,
            SocketActivation.Users(user),
            Idle,
            time,
            loggers.CreateLogger<PackageServer>());

        // systemd ends it when the machine goes down: dpkg is waited for.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await server.RunAsync(listener, stop.Token);
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            return Failure.Say($"The helper for packages cannot work: {e.Message}", ExitCodes.Failed);
        }
    }

    private static PackagePolicy Policy(string path, uint owner)
    {
        try
        {
            return HelperPolicyFile.Read(path, owner).Packages;
        }
        catch (HelperPolicyException e)
        {
            // Said as an answer: nothing is done.
            throw new IOException(e.Message, e);
        }
    }
}
