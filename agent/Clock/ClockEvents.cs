namespace Messaging.Agent.Clock;

/// <summary>Names of the events about the time. Listed in docs/reference/agent.md.</summary>
internal static class ClockEvents
{
    /// <summary>by, was: <c>synchronised</c>, <c>beacon</c> or <c>lower-bound</c>.</summary>
    public const string Known = "clock.known";

    /// <summary>was.</summary>
    public const string Unknown = "clock.unknown";

    /// <summary>by.ms, to: the wall clock was set.</summary>
    public const string Jumped = "clock.jumped";

    /// <summary>reason: <c>behind</c> or <c>contradicted</c>; clock: what it says.</summary>
    public const string Wrong = "clock.wrong";
}
