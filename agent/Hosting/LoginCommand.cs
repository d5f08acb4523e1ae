using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Helper;
using Messaging.Agent.Hosting.Logging;
using Messaging.Agent.Shell.Login;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent login</c>: what systemd starts, as root, for each connection to messaging-agent-shell.socket.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var policy = new Option<string>("--policy")
        {
            Description = $"As whom shells are opened; {HelperPolicyFile.DefaultPath} unless given.",
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
            "login",
            "Opens a shell for the agent, which is in a sandbox. Started by messaging-agent-shell.socket, once for each shell.",
            ("systemctl enable --now messaging-agent-shell.socket", "what the package does"))
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
            return Failure.Say("The helper for shells is started by systemd, for the agent: systemctl enable --now messaging-agent-shell.socket", ExitCodes.Usage);
        }

        var time = TimeProvider.System;
        using var loggers = new AgentLoggerFactory(LogOutputs.FromEnvironment(time));
        var server = new LoginServer(
            () => HelperPolicyFile.Read(policy, FileOwner.OfThisProcess()),
            SocketActivation.Users(user),
            time,
            loggers.CreateLogger<LoginServer>());
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
            return Failure.Say("The helper was stopped; the shell was hung up.", ExitCodes.Failed);
        }
        catch (SocketException e)
        {
            return Failure.Say($"The one who asked has gone: {e.Message}", ExitCodes.Failed);
        }
    }
}
