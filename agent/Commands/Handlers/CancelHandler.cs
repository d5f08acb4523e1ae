using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands.Handlers;

/// <summary>Has another command not started, or stopped. Who may is decided before, by the other's type.</summary>
internal sealed class CancelHandler(CommandJournal journal, RunningCommands running, TimeProvider time) : ICommandHandler, IDryRun
{
    /// <summary>Longer than anything takes that can be stopped.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Type => CommandTypes.Cancel;

    public bool NeedsFreshness => false;

    /// <summary>Who wants to stop others does not wait for them.</summary>
    public bool TakesTurns => false;

    public string? Check(ReadOnlyMemory<byte> arguments) => CancelArguments.TryDecode(arguments.Span, out _) ? null : "cancel takes the id of a command.";

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = CancelArguments.TryDecode(context.Arguments.Span, out var id);
        return Task.FromResult(!journal.TryGet(id, out var command) ? CommandResult.Done("That command has not come to this device; if it came, it would not be started.")
            : running.Find(id) is not { } other ? CommandResult.Failed($"That command, {command.Command.Content.Type}, has ended: {command.State.Word()}.")
            : !other.MayBeCancelled ? CommandResult.Failed($"That command, {command.Command.Content.Type}, runs, and cannot be stopped once it has begun.")
            : CommandResult.Done($"It would cancel {command.Command.Content.Type}, which is {(command.Waits ? "waiting for its window" : command.State.Word())}."));
    }

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = CancelArguments.TryDecode(context.Arguments.Span, out var id);
        if (!journal.TryGet(id, out var command))
        {
            return CommandResult.Done("It has not come to this device; if it comes, it is not started.");
        }

        if (running.Find(id) is not { } other)
        {
            return Ended(id);
        }

        if (!other.TryCancel())
        {
            return CommandResult.Failed($"{command.Command.Content.Type} cannot be stopped once it has begun.");
        }

        try
        {
            if (await Task.WhenAny(other.Ended, other.Refused).WaitAsync(Patience, time, ct) == other.Refused)
            {
                return CommandResult.Failed(await other.Refused);
            }
        }
        catch (TimeoutException)
        {
            return CommandResult.Failed("It was told to end, and does not.");
        }

        return journal.TryGet(id, out var ended) && ended.State == CommandState.Cancelled ? CommandResult.Done(ended.Message) : Ended(id);
    }

    private CommandResult Ended(CommandId id) =>
        CommandResult.Failed(journal.TryGet(id, out var command) ? $"It had ended: {command.State.Word()}." : "It had ended.");
}
