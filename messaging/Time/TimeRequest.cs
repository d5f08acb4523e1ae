using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Time;

/// <summary>
/// "My uptime is this now": [1, bootId, uptimeMs, wanted, null | [unixMs, echoedUptimeMs, receivedUptimeMs]]. Never spooled: what arrives
/// was sent a moment before.
/// </summary>
/// <param name="BootId">The boot.</param>
/// <param name="UptimeMs">Milliseconds since it, when this was sealed.</param>
/// <param name="IsWanted">Whether a beacon is to be sent.</param>
/// <param name="Seen">The newest beacon that was accepted in this boot.</param>
public sealed record TimeRequest(BootId BootId, long UptimeMs, bool IsWanted, BeaconSeen? Seen)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (request, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WriteBootId(request.BootId);
        UnixTime.Write(ref writer, request.UptimeMs);
        writer.WriteBoolean(request.IsWanted);
        if (request.Seen is { } seen)
        {
            writer.WriteArrayHead(3);
            UnixTime.Write(ref writer, seen.UnixMs);
            UnixTime.Write(ref writer, seen.EchoedUptimeMs);
            UnixTime.Write(ref writer, seen.ReceivedUptimeMs);
        }
        else
        {
            writer.WriteNull();
        }
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TimeRequest? request)
    {
        request = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadBootId(out var boot)
            || !UnixTime.TryRead(ref reader, out var uptime)
            || !reader.TryReadBoolean(out var wanted)
            || !TryReadSeen(ref reader, uptime, out var seen)
            || !reader.AtEnd)
        {
            return false;
        }

        request = new TimeRequest(boot, uptime, wanted, seen);
        return true;
    }

    private static bool TryReadSeen(ref CborReader reader, long uptime, out BeaconSeen? seen)
    {
        seen = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!reader.TryReadArray(3)
            || !UnixTime.TryRead(ref reader, out var unixMs)
            || !UnixTime.TryRead(ref reader, out var echoed)
            || !UnixTime.TryRead(ref reader, out var received)
            || echoed > received
            || received > uptime)
        {
            return false;
        }

        seen = new BeaconSeen(unixMs, echoed, received);
        return true;
    }
}
