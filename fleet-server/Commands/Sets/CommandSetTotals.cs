namespace Messaging.FleetServer.Commands;

/// <summary>How many devices of a set are how far.</summary>
internal sealed record CommandSetTotals(
    int Waiting, int Sent, int Accepted, int Running, int Done, int Failed, int Rejected, int Expired, int Unknown, int Cancelled)
{
    /// <summary>Nothing more will happen to so many.</summary>
    public int Ended => Done + Failed + Rejected + Expired + Unknown + Cancelled;

    public static CommandSetTotals Of(IReadOnlyDictionary<CommandState, int> counts) => new(
        counts.GetValueOrDefault(CommandState.Waiting),
        counts.GetValueOrDefault(CommandState.Sent),
        counts.GetValueOrDefault(CommandState.Accepted),
        counts.GetValueOrDefault(CommandState.Running),
        counts.GetValueOrDefault(CommandState.Done),
        counts.GetValueOrDefault(CommandState.Failed),
        counts.GetValueOrDefault(CommandState.Rejected),
        counts.GetValueOrDefault(CommandState.Expired),
        counts.GetValueOrDefault(CommandState.Unknown),
        counts.GetValueOrDefault(CommandState.Cancelled));
}
