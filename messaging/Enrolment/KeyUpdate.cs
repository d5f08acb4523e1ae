using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Enrolment;

/// <summary>
/// A device's new keys: a COSE_Sign1 by its current identity key, external_aad "messaging/1/key-update", over [1, deviceId, keyNo,
/// newHpkePoint, null | [newIdentityPoint, signature]]. The inner signature is by the new identity key over ["messaging/1/key-update-new",
/// deviceId, keyNo, newHpkePoint, newIdentityPoint]: it proves that the device has the new key.
/// </summary>
/// <param name="DeviceId">The device; its id stays.</param>
/// <param name="KeyNo">Rises with each update: an older one is not applied.</param>
/// <param name="HpkeKey">The new HPKE key.</param>
/// <param name="Identity">The new identity key, or null if that stays.</param>
public sealed record KeyUpdate(PrincipalId DeviceId, ulong KeyNo, HpkePublicKey HpkeKey, IdentityPublicKey? Identity)
{
    private static ReadOnlySpan<byte> Label => "messaging/1/key-update"u8;

    /// <summary>Signs an update.</summary>
    /// <param name="current">The identity key that the server knows.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="keyNo">Higher than in every update before.</param>
    /// <param name="hpkeKey">The new HPKE key.</param>
    /// <param name="next">The new identity key, or null if that stays.</param>
    public static byte[] Sign(IdentityKey current, PrincipalId deviceId, ulong keyNo, HpkePublicKey hpkeKey, IdentityKey? next)
    {
        ArgumentNullException.ThrowIfNull(hpkeKey);
        var signature = next?.Sign(Possession(deviceId, keyNo, hpkeKey, next.Public));
        var update = new KeyUpdate(deviceId, keyNo, hpkeKey, next?.Public);
        return CoseSign1Writer.Sign(current, Label, Payload(update, signature));
    }

    /// <summary>Reads an update and verifies both signatures. Whether its number is new is the caller's to check.</summary>
    /// <param name="data">The COSE_Sign1.</param>
    /// <param name="current">The identity key that the server knows.</param>
    /// <param name="deviceId">The device that sent it.</param>
    /// <param name="update">The update.</param>
    public static bool TryVerify(
        ReadOnlySpan<byte> data, IdentityPublicKey current, PrincipalId deviceId, [NotNullWhen(true)] out KeyUpdate? update)
    {
        update = null;
        return CoseSign1Reader.TryRead(data, out var message)
            && message.Verify(current, Label)
            && TryReadPayload(message.Payload, deviceId, out update);
    }

    internal static bool TryReadPayload(ReadOnlySpan<byte> payload, PrincipalId deviceId, [NotNullWhen(true)] out KeyUpdate? update)
    {
        update = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var id)
            || id != deviceId
            || !reader.TryReadUInt64(out var keyNo)
            || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
            || !HpkePublicKey.TryImport(point, out var hpkeKey)
            || !TryReadIdentity(ref reader, id, keyNo, hpkeKey, out var identity)
            || !reader.AtEnd)
        {
            return false;
        }

        update = new KeyUpdate(id, keyNo, hpkeKey, identity);
        return true;
    }

    internal static byte[] Possession(PrincipalId deviceId, ulong keyNo, HpkePublicKey hpkeKey, IdentityPublicKey identity) =>
        MessageBuffer.Write((deviceId, keyNo, hpkeKey, identity), static (all, ref writer) =>
        {
            writer.WriteArrayHead(5);
            writer.WriteUtf8("messaging/1/key-update-new"u8);
            writer.WritePrincipalId(all.deviceId);
            writer.WriteUInt64(all.keyNo);
            writer.WriteBytes(all.hpkeKey.Point);
            writer.WriteBytes(all.identity.Point);
        });

    internal static byte[] Payload(KeyUpdate update, byte[]? possession) =>
        MessageBuffer.Write((update, possession), static (all, ref writer) =>
        {
            writer.WriteArrayHead(5);
            writer.WriteUInt64(1);
            writer.WritePrincipalId(all.update.DeviceId);
            writer.WriteUInt64(all.update.KeyNo);
            writer.WriteBytes(all.update.HpkeKey.Point);
            if (all is { update.Identity: { } identity, possession: { } signature })
            {
                writer.WriteArrayHead(2);
                writer.WriteBytes(identity.Point);
                writer.WriteBytes(signature);
            }
            else
            {
                writer.WriteNull();
            }
        });

    private static bool TryReadIdentity(
        ref CborReader reader, PrincipalId deviceId, ulong keyNo, HpkePublicKey hpkeKey, out IdentityPublicKey? identity)
    {
        identity = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        return reader.TryReadArray(2)
            && reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
            && IdentityPublicKey.TryImport(point, out identity)
            && reader.TryReadFixedBytes(WireLimits.SignatureBytes, out var signature)
            && identity.Verify(Possession(deviceId, keyNo, hpkeKey, identity), signature);
    }
}
