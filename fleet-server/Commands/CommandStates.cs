namespace Messaging.FleetServer.Commands;

/// <summary>What may be said of a state without knowing the command.</summary>
internal static class CommandStates
{
    public static bool IsFinal(this CommandState state) => state >= CommandState.Done;

    /// <summary>The API's word for the state.</summary>
    public static string Word(this CommandState state) => state switch
    {
        CommandState.Waiting => "waiting",
        CommandState.Sent => "sent",
        CommandState.Accepted => "accepted",
        CommandState.Running => "running",
        CommandState.Done => "done",
        CommandState.Failed => "failed",
        CommandState.Rejected => "rejected",
        CommandState.Expired => "expired",
        CommandState.Unknown => "unknown",
        CommandState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of a command."),
    };
}
