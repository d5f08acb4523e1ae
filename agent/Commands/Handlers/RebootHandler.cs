using Messaging.Agent.Spool;
using Messaging.Agent.Systemd;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class RebootHandler(ISystemd systemd, SpoolStore spool) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.Reboot;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments) => EmptyArguments.TryDecode(arguments.Span) ? null : "reboot takes no arguments.";

    public async Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        var blockers = await systemd.ListRebootBlockersAsync(ct);
        return blockers.Count == 0
            ? CommandResult.Done("It would restart the machine; nobody keeps it from that.")
            : CommandResult.Failed($"The machine is kept from a restart by {string.Join("; ", blockers)}.");
    }

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
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The restart may have stopped the agent before it was told that there will be one.
        }

        // The next start sees by the boot id whether it came about.
        return new CommandResult(CommandState.Running);
    }
}
