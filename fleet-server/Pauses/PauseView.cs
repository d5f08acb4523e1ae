namespace Messaging.FleetServer.Pauses;

/// <param name="Until">When it ends by itself.</param>
/// <param name="By">"operator" or "server-busy".</param>
internal sealed record PauseView(DateTimeOffset Until, string By)
{
    public static PauseView? Of(DevicePause? pause) => pause is { } one
        ? new PauseView(one.Until, one.Cause == Streams.PauseCause.Operator ? "operator" : "server-busy")
        : null;
}
