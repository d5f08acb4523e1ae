namespace Messaging.Agent.Commands;

/// <summary>A handler that can say what it would do now, with checks that change nothing.</summary>
internal interface IDryRun
{
    /// <returns>Done with what it would do, or failed with why it would not work; for people, in sentences.</returns>
    Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct);
}
