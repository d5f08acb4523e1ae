using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>
/// The device's answer to a command that opens a session. Its id is derived from its first identity key, so that whoever knows the id can tell
/// that it is the device that answers, and nobody in between.
/// </summary>
public sealed class SessionAccept
{
    private SessionAccept(HpkePublicKey device, byte[] payload)
    {
        Device = device;
        Payload = payload;
    }

    /// <summary>The key that the device has made for this session.</summary>
    public HpkePublicKey Device { get; }

    /// <summary>What the device signed: the keys of the session are bound to it.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/session-accept"u8;

    /// <summary>The packet that the device sends.</summary>
    /// <param name="key">Its identity key.</param>
    /// <param name="origin">How that follows from its first one.</param>
    /// <param name="payload">Of <see cref="EncodePayload"/>.</param>
    public static byte[] Sign(IdentityKey key, IdentityOrigin origin, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return [(byte)SessionPacketKind.Accept, .. origin.Attach(CoseSign1Writer.Sign(key, Label, payload))];
    }

    /// <summary>[1, commandId, deviceId, SHA-256 of the command's arguments, point].</summary>
    /// <param name="command">Which command is answered.</param>
    /// <param name="device">Who answers.</param>
    /// <param name="arguments">Of the command: the client's key is a part of them.</param>
    /// <param name="point">The device's key for this session.</param>
    public static byte[] EncodePayload(CommandId command, PrincipalId device, ReadOnlySpan<byte> arguments, HpkePublicKey point)
    {
        ArgumentNullException.ThrowIfNull(point);
        var bytes = new byte[2 + (2 * CborWriter.StringSize(CommandId.Size)) + CborWriter.StringSize(WireLimits.HashBytes) + CborWriter.StringSize(WireLimits.PointBytes)];
        var writer = new CborWriter(bytes);
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        SHA256.HashData(arguments, hash);
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WriteCommandId(command);
        writer.WritePrincipalId(device);
        writer.WriteBytes(hash);
        writer.WriteBytes(point.Point);
        return bytes;
    }

    /// <summary>Reads a packet, and verifies that exactly this device answers exactly this command.</summary>
    public static bool TryVerify(
        ReadOnlySpan<byte> packet, CommandId command, PrincipalId device, ReadOnlySpan<byte> arguments, [NotNullWhen(true)] out SessionAccept? accept)
    {
        accept = null;
        if (packet.IsEmpty || packet[0] != (byte)SessionPacketKind.Accept)
        {
            return false;
        }

        if (!IdentityOrigin.TryReadSigned(packet[1..], device, Label, out var payload)
            || !TryReadPoint(payload, out var point)
            || !payload.SequenceEqual(EncodePayload(command, device, arguments, point)))
        {
            return false;
        }

        accept = new SessionAccept(point, payload.ToArray());
        return true;
    }

    /// <summary>The last field; the others are compared.</summary>
    private static bool TryReadPoint(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out HpkePublicKey? point)
    {
        point = null;
        return payload.Length > WireLimits.PointBytes && HpkePublicKey.TryImport(payload[^WireLimits.PointBytes..], out point);
    }
}
