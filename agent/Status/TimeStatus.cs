namespace Messaging.Agent.Status;

/// <summary>How well the time is known.</summary>
/// <param name="KnownBy"><c>synchronised</c> (this machine's clock), <c>beacon</c> (of the fleet, for this boot) or <c>lower-bound</c>.</param>
/// <param name="Clock">
/// What is held of this machine's clock: <c>believed</c>, <c>behind</c>, <c>contradicted</c>, <c>not-synchronised</c> or <c>distrusted</c>.
/// </param>
/// <param name="NotBefore">The true time is this or later, whatever the clock says.</param>
/// <param name="BeaconAge">Milliseconds since the newest beacon of this boot came.</param>
/// <param name="UncertaintyMs">How far off the time may be that the newest beacon gives: what its way took.</param>
/// <param name="Uptime">Milliseconds since the boot, suspended time included.</param>
/// <param name="BootId">The boot.</param>
internal sealed record TimeStatus(
    string KnownBy, string Clock, DateTimeOffset NotBefore, long? BeaconAge, long? UncertaintyMs, long Uptime, string BootId);
