namespace Messaging.Agent.Status;

/// <summary>How well the time is known.</summary>
/// <param name="knownBy"><c>synchronised</c> (this machine's clock), <c>beacon</c> (of the fleet, for this boot) or <c>lower-bound</c>.</param>
/// <param name="clock">
/// What is held of this machine's clock: <c>believed</c>, <c>behind</c>, <c>contradicted</c>, <c>not-synchronised</c> or <c>distrusted</c>.
/// </param>
/// <param name="notBefore">The true time is this or later, whatever the clock says.</param>
/// <param name="beaconAge">Milliseconds since the newest beacon of this boot came.</param>
/// <param name="uncertaintyMs">How far off the time may be that the newest beacon gives: what its way took.</param>
/// <param name="uptime">Milliseconds since the boot, suspended time included.</param>
/// <param name="bootId">The boot.</param>
internal sealed class TimeStatus(
    string knownBy,
    string clock,
    DateTimeOffset notBefore,
    long? beaconAge,
    long? uncertaintyMs,
    long uptime,
    string bootId)
{
    public string KnownBy { get; } = knownBy;

    public string Clock { get; } = clock;

    public DateTimeOffset NotBefore { get; } = notBefore;

    public long? BeaconAge { get; } = beaconAge;

    public long? UncertaintyMs { get; } = uncertaintyMs;

    public long Uptime { get; } = uptime;

    public string BootId { get; } = bootId;
}
