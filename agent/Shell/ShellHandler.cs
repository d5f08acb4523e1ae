using System.Text;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Sessions;
using Messaging.Agent.Shell.Login;
using Messaging.Commands;
using Messaging.Sessions;

namespace Messaging.Agent.Shell;

/// <summary>Opens a shell, sealed to whoever signed the command: the helper's, as the user that root has named, else one in the agent's own sandbox.</summary>
internal sealed class ShellHandler(SessionCenter sessions, LoginClient logins, AgentOptions options) : ICommandHandler
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

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = ShellArguments.TryDecode(context.Arguments.Span, out var shell);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, context.Cancelled);
        var (login, why) = await logins.OpenAsync(shell!.Size, shell.Terminal, either.Token);
        using (login)
        {
            return await sessions.RunAsync(
                context, shell.SessionId, shell.Client, SessionLink.FirstWindow, () => login is null ? Start(shell, why) : new LoginBody(login), ct);
        }
    }

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
