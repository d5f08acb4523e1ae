using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Times for devices that have no clock of their own.</summary>
internal static class DeviceClock
{
    private const long MaxUnixMs = 253_402_300_799_999;

    /// <summary>
    /// Notes that a message that was closed at <paramref name="monoMs"/> of a boot came at <paramref name="receivedAt"/>, and gives the
    /// Unix millisecond at which that boot began: by the fastest message of it so far, because delay only makes it seem later.
    /// </summary>
    public static long BootStart(Sender sender, BootId boot, long monoMs, DateTimeOffset receivedAt)
    {
        var start = receivedAt.ToUnixTimeMilliseconds() - monoMs;
        if (sender.BootStarts.TryGetValue(boot, out var known) && known <= start)
        {
            return known;
        }

        if (sender.BootStarts.Count >= 64)
        {
            sender.BootStarts.Clear();
        }

        return sender.BootStarts[boot] = start;
    }

    /// <summary>Within what a date can say.</summary>
    public static long Clamp(long unixMs) => Math.Clamp(unixMs, 0, MaxUnixMs);
}
