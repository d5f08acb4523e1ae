using Messaging.Agent.Commands.Output;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <param name="Id">Which command.</param>
/// <param name="Arguments">Checked before.</param>
/// <param name="Output">Takes what it writes, while it writes it.</param>
/// <param name="Cancelled">Somebody wants it to end, see <see cref="ICommandHandler.CanBeStopped"/>.</param>
internal sealed record CommandContext(CommandId Id, ReadOnlyMemory<byte> Arguments, OutputStream Output, CancellationToken Cancelled = default)
{
    /// <summary>It was running when the agent ended: see <see cref="ICommandHandler.CanBeFollowed"/>.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>Says to whoever cancelled it why it does not end; what was cancelled goes on.</summary>
    public Action<string> RefuseToEnd { get; init; } = static _ => { };

    /// <summary>
    /// For what waits in the middle of what it does: whether those who signed it may have it run still. It waits: nobody was let go, but a key or the roster has expired.
    /// </summary>
    public Func<CommandVerdict> JudgeAgain { get; init; } = static () => CommandVerdict.Accepted;
}
