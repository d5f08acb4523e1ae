using Messaging.Wire;

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

    /// <summary>
    /// It goes on without the agent, so that an agent that was restarted runs it again with <see cref="CommandContext.IsFollowed"/>, to learn what has come
    /// of it. While the agent is stopped it ends as running.
    /// </summary>
    bool CanBeFollowed => false;

    /// <summary>It waits for its maintenance window by itself, in the middle of what it does.</summary>
    bool WaitsItself => false;

    /// <summary>It waits while others run, of whom there is a limit.</summary>
    bool TakesTurns => true;

    /// <summary>Null, or why it cannot be run here, for people. Called before it is accepted.</summary>
    string? Check(ReadOnlyMemory<byte> arguments);

    /// <summary>Null, or the verdict on arguments that cannot be run here.</summary>
    CommandVerdict? Judge(ReadOnlyMemory<byte> arguments) => Check(arguments) is { } problem ? CommandVerdict.Rejected("command-bad-arguments", problem) : null;

    /// <summary>Other types that do what these arguments do: whoever signed it must be one who may have these run as well, and when they may.</summary>
    IEnumerable<string> Stands(ReadOnlyMemory<byte> arguments) => [];

    /// <summary>The result of one that the agent went down with, with what is left of it.</summary>
    CommandResult AfterCrash(CommandId id, CommandResult unknown) => unknown;

    /// <summary>Runs it. An exception is a failure whose message is reported.</summary>
    Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct);
}
