namespace Messaging.Agent.Commands;

/// <summary>Does what one type of command says.</summary>
internal interface ICommandHandler
{
    /// <summary>Such as <c>ping</c>.</summary>
    string Type { get; }

    /// <summary>It must be bound to this boot: an old command must not do harm again.</summary>
    bool NeedsFreshness { get; }

    /// <summary>It heeds <see cref="CommandContext.Cancelled"/>, and then ends as cancelled.</summary>
    bool CanBeStopped => false;

    /// <summary>It waits while others run, of whom there is a limit.</summary>
    bool TakesTurns => true;

    /// <summary>Null, or why it cannot be run here, for people. Called before it is accepted.</summary>
    string? Check(ReadOnlyMemory<byte> arguments);

    /// <summary>What it would do, for people, when that says more than its type: for a dry run. An exception says why it would fail.</summary>
    string? Preview(ReadOnlyMemory<byte> arguments) => null;

    /// <summary>Runs it. An exception is a failure whose message is reported.</summary>
    Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct);
}
