using System.Text;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Recordings;
using Messaging.Agent.Sessions;
using Messaging.Agent.Shell.Login;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Shell;

/// <summary>Opens a shell, sealed to whoever signed the command: the helper's, as the user that root has named, else one in the agent's own sandbox.</summary>
internal sealed class ShellHandler(
    SessionCenter sessions, LoginClient logins, RecordingStore recordings, FleetTrustStore fleet, UplinkWriter writer, AgentOptions options) : ICommandHandler
{
    public string Type => CommandTypes.Shell;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    /// <summary>It lasts for hours, and has a limit of its own.</summary>
    public bool TakesTurns => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        ShellArguments.TryDecode(arguments.Span, out var shell)
            ? sessions.Check(shell.SessionId)
            : "shell takes the name of a session, the client's key, the size of the terminal and its type.";

    public CommandVerdict? Judge(ReadOnlyMemory<byte> arguments) =>
        Check(arguments) is { } problem ? CommandVerdict.Rejected("command-bad-arguments", problem)
        : Rule is { } rule && recordings.Refusal() is { } refusal
            ? CommandVerdict.Rejected("command-not-recordable", $"Shells are recorded here ({rule}), and that cannot be done now: {refusal}.")
        : null;

    public CommandResult AfterCrash(CommandId id, CommandResult unknown) => recordings.AfterCrash(id, unknown);

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = ShellArguments.TryDecode(context.Arguments.Span, out var shell);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, context.Cancelled);
        var (login, why) = await logins.OpenAsync(shell!.Size, shell.Terminal, either.Token);
        using (login)
        {
            Recorder? recorder = null;
            var result = CommandResult.Failed("");
            try
            {
                // What the policy says when it begins: nothing is started before the recording is.
                result = await sessions.RunAsync(
                    context,
                    shell.SessionId,
                    shell.Client,
                    SessionLink.FirstWindow,
                    () =>
                    {
                        var rule = Rule;
                        recorder = rule is null ? null : recordings.Begin(context.Id, rule, shell, writer.WallUnixMs);
                        SessionBody body = login is null ? Start(shell, why) : new LoginBody(login);
                        return recorder is null ? body : new RecordedBody(body, recorder, rule!.Notice());
                    },
                    ct);
            }
            finally
            {
                result = recorder is null ? result : recordings.Keep(recorder, result);
            }

            return result;
        }
    }

    private RecordingRule? Rule => RecordingRule.For(fleet.Current.Roster.Policy, CommandTypes.Shell);

    private ShellBody Start(ShellArguments shell, string? notice)
    {
        var account = ShellAccount.Current(options.Sessions.Shell);
        var terminal = Terminal.Open(shell.Size);
        try
        {
            var program = ProgramStart.OnTerminal(
                terminal.Path, account.Shell, ["-" + Path.GetFileName(account.Shell)], account.Home, ShellEnvironment.Of(account, shell.Terminal));
            return new ShellBody(terminal, program, notice is null ? default : Encoding.UTF8.GetBytes($"[This shell is in the agent's sandbox: {notice}]\r\n"));
        }
        catch (IOException)
        {
            terminal.Dispose();
            throw;
        }
    }
}
