using Messaging.Commands;

namespace Messaging.Agent.Commands;

internal static class CommandStates
{
    /// <summary>Nothing more will happen to it.</summary>
    public static bool IsFinal(this CommandState state) => state is not (CommandState.Accepted or CommandState.Running);

    /// <summary>The word for people.</summary>
    public static string Word(this CommandState state) => state switch
    {
        CommandState.Accepted => "accepted",
        CommandState.Running => "running",
        CommandState.Done => "done",
        CommandState.Failed => "failed",
        CommandState.Rejected => "rejected",
        CommandState.Expired => "expired",
        CommandState.Cancelled => "cancelled",
        _ => "unknown",
    };
}
