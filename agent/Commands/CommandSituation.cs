using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>What a command is judged against, at one moment.</summary>
/// <param name="DeviceId">This device.</param>
/// <param name="TimeUnixMs">The true time is this or later.</param>
/// <param name="NowUnixMs">What time it is, or null when that is not known.</param>
/// <param name="BootId">This boot.</param>
/// <param name="UptimeMs">Since this boot.</param>
/// <param name="Floor">The highest number accepted from the issuer.</param>
internal sealed record CommandSituation(
    PrincipalId DeviceId,
    long TimeUnixMs,
    long? NowUnixMs,
    BootId BootId,
    ulong UptimeMs,
    ulong Floor)
{
    /// <summary>For a cancellation: the type of the command that is cancelled, where it is known.</summary>
    public string? CancelledType { get; init; }
}
