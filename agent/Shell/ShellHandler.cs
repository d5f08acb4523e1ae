using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Sessions;
using Messaging.Commands;
using Messaging.Sessions;

namespace Messaging.Agent.Shell;

/// <summary>Opens a shell, sealed to whoever signed the command.</summary>
internal sealed class ShellHandler(SessionCenter sessions, AgentOptions options) : ICommandHandler
{
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public string Type => CommandTypes.Shell;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    /// <summary>It lasts for hours, and has a limit of its own.</summary>
    public bool TakesTurns => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        ShellArguments.TryDecode(arguments.Span, out var shell)
            ? sessions.Check(shell.SessionId)
            : "shell takes the name of a session, the client's key, the size of the terminal and its type.";

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = ShellArguments.TryDecode(context.Arguments.Span, out var shell);
        return sessions.RunAsync(context, shell!.SessionId, shell.Client, SessionLink.FirstWindow, () => Start(shell), ct);
    }

    private ShellBody Start(ShellArguments shell)
    {
        var account = ShellAccount.Current(options.Sessions.Shell);
        var terminal = Terminal.Open(shell.Size);
        try
        {
            var program = ProgramStart.OnTerminal(
                terminal.Path, account.Shell, "-" + Path.GetFileName(account.Shell), account.Home, Environment(account, shell.Terminal));
            return new ShellBody(terminal, program);
        }
        catch (IOException)
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <summary>Nothing of the agent's own, which may hold what is not for everybody.</summary>
    private static List<string> Environment(ShellAccount account, string terminal) =>
    [
        "TERM=" + terminal,
        "HOME=" + account.Home,
        "USER=" + account.Name,
        "LOGNAME=" + account.Name,
        "SHELL=" + account.Shell,
        "PATH=" + SearchPath,
        "LANG=" + (System.Environment.GetEnvironmentVariable("LANG") ?? "C.UTF-8"),
    ];
}
