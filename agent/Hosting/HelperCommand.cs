using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Helper;
using Messaging.Agent.Hosting.Logging;
using Messaging.Agent.Systemd;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent helper</c>: what systemd starts, as root, for each connection to messaging-agent-helper.socket.</summary>
internal static class HelperCommand
{
    public static Command Create()
    {
        var policy = new Option<string>("--policy")
        {
            Description = $"What may be done; {HelperPolicyFile.DefaultPath} unless given.",
            HelpName = "FILE",
            DefaultValueFactory = _ => HelperPolicyFile.DefaultPath,
        };
        var user = new Option<string>("--user")
        {
            Description = $"The user that the agent runs as, who may ask; {SocketActivation.AgentUser} unless given.",
            HelpName = "NAME",
            DefaultValueFactory = _ => SocketActivation.AgentUser,
        };
        var command = new Verb(
            "helper",
            "Restarts a unit or this machine for the agent, which is not root. Started by messaging-agent-helper.socket, once for each request.",
            ("systemctl enable --now messaging-agent-helper.socket", "what the package does"))
        {
            policy,
            user,
        };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(policy)!, parsed.GetValue(user)!, ct));
        return command;
    }

    private static async Task<int> RunAsync(string policy, string user, CancellationToken ct)
    {
        using var connection = SocketActivation.Take();
        if (connection is null)
        {
            return Failure.Say("The helper is started by systemd, for the agent: systemctl enable --now messaging-agent-helper.socket", ExitCodes.Usage);
        }

        var time = TimeProvider.System;
        using var loggers = new AgentLoggerFactory(LogOutputs.FromEnvironment(time));
        var server = new HelperServer(
            new SystemdManager(new AgentOptions(), time),
            () => HelperPolicyFile.Read(policy, FileOwner.OfThisProcess()),
            SocketActivation.Users(user),
            new BootClock(),
            time,
            loggers.CreateLogger<HelperServer>());
        // A restart of the machine that it asked for ends the helper, too: not before it has said that it is on its way.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await server.ServeAsync(connection, stop.Token);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException)
        {
            return Failure.Say("The helper was stopped before it was asked for anything.", ExitCodes.Failed);
        }
        catch (SocketException e)
        {
            return Failure.Say($"The one who asked has gone: {e.Message}", ExitCodes.Failed);
        }
    }
}
