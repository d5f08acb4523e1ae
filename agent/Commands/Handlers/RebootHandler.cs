using Messaging.Agent.Spool;
using Messaging.Agent.Systemd;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class RebootHandler(ISystemd systemd, SpoolStore spool) : ICommandHandler
{
    public string Type => CommandTypes.Reboot;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments) => EmptyArguments.TryDecode(arguments.Span) ? null : "reboot takes no arguments.";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        spool.Sync();
        try
        {
            await systemd.RebootAsync(ct);
        }
        catch (SystemdException e) when (e.IsDenied)
        {
            return CommandResult.Failed($"The system does not let the agent reboot it: {e.Message}");
        }

        // The next start sees by the boot id whether it came about.
        return new CommandResult(CommandState.Running);
    }
}
