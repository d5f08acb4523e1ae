using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Time;

/// <summary>
/// The time, for one boot of one device: a COSE_Sign1 by a principal with the role time, external_aad "messaging/1/time-beacon", over
/// [suite, unixMs, deviceId, bootId, echoedUptimeMs].
/// </summary>
public sealed class TimeBeacon
{
    private const ulong Suite = 1;

    private TimeBeacon(TimeBeaconContent content, byte[] bytes)
    {
        Content = content;
        Bytes = bytes;
    }

    /// <summary>What it says. Not to be believed before <see cref="Verify"/>.</summary>
    public TimeBeaconContent Content { get; }

    /// <summary>The COSE_Sign1 as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/time-beacon"u8;

    /// <summary>Signs a beacon.</summary>
    /// <param name="key">The identity key of a principal with the role time.</param>
    /// <param name="content">What it says.</param>
    public static TimeBeacon Sign(IdentityKey key, TimeBeaconContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new TimeBeacon(content, CoseSign1Writer.Sign(key, Label, Payload(content)));
    }

    /// <summary>Reads a beacon. Its signature is checked by <see cref="Verify"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TimeBeacon? beacon)
    {
        beacon = CoseSign1Reader.TryRead(data, out var message) && TryReadPayload(message.Payload, out var content)
            ? new TimeBeacon(content, data.ToArray())
            : null;
        return beacon is not null;
    }

    /// <summary>True if <paramref name="issuer"/> signed exactly these bytes as a beacon.</summary>
    public bool Verify(IdentityPublicKey issuer) => CoseSign1Reader.TryRead(Bytes.Span, out var message) && message.Verify(issuer, Label);

    internal static byte[] Payload(TimeBeaconContent content) => MessageBuffer.Write(content, static (beacon, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(Suite);
        UnixTime.Write(ref writer, beacon.UnixMs);
        writer.WritePrincipalId(beacon.DeviceId);
        writer.WriteBootId(beacon.BootId);
        UnixTime.Write(ref writer, beacon.EchoedUptimeMs);
    });

    private static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out TimeBeaconContent? content)
    {
        content = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(Suite)
            || !UnixTime.TryRead(ref reader, out var unixMs)
            || !reader.TryReadPrincipalId(out var device)
            || !reader.TryReadBootId(out var boot)
            || !UnixTime.TryRead(ref reader, out var echoed)
            || !reader.AtEnd)
        {
            return false;
        }

        content = new TimeBeaconContent(unixMs, device, boot, echoed);
        return true;
    }
}
