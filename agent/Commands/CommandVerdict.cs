using Messaging.Commands;

namespace Messaging.Agent.Commands;

/// <summary>What becomes of a command that arrived.</summary>
/// <param name="Reason">Counted under this word; null when it is accepted, or somebody cancelled it.</param>
/// <param name="Report">What the issuer is told; null when nobody is to be told, because nobody of the fleet said it.</param>
/// <param name="Message">For people.</param>
/// <param name="Waits">Accepted, and to run when its maintenance window opens.</param>
internal readonly record struct CommandVerdict(string? Reason, CommandState? Report, string Message, bool Waits)
{
    public static CommandVerdict Accepted => default;

    public bool IsAccepted => Reason is null && Report is null;

    public static CommandVerdict Ignored(string reason) => new(reason, null, "", false);

    public static CommandVerdict Rejected(string reason, string message) => new(reason, CommandState.Rejected, message, false);

    public static CommandVerdict Expired(string message) => new("command-expired", CommandState.Expired, message, false);

    public static CommandVerdict Cancelled(string message) => new(null, CommandState.Cancelled, message, false);

    public static CommandVerdict Waiting(string message) => new(null, null, message, true);
}
