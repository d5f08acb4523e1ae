using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>
/// [2, deviceId, keyNo, changedAtMs, identity pkcs8, [[hpke pkcs8, retiredAtMs | null]...], null | [keyNo, hpke pkcs8, identity pkcs8 | null],
/// first identity point, [key update...]].
/// </summary>
internal static class DeviceKeysCodec
{
    private const int MaxPkcs8Bytes = 512;
    private const int MaxKeys = 64;

    /// <summary>The caller erases the bytes after use.</summary>
    public static byte[] Encode(DeviceKeys keys)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var writer = new CborWriter(output);
        writer.WriteArrayHead(9);
        writer.WriteUInt64(2);
        writer.WritePrincipalId(keys.DeviceId);
        writer.WriteUInt64(keys.KeyNo);
        writer.WriteUInt64((ulong)keys.ChangedAtUnixMs);
        Write(ref writer, keys.Identity.ExportPkcs8());
        writer.WriteArrayHead(keys.Hpke.Count);
        foreach (var entry in keys.Hpke)
        {
            writer.WriteArrayHead(2);
            Write(ref writer, entry.Pair.ExportPkcs8());
            writer.WriteUInt64OrNull((ulong?)entry.RetiredAtUnixMs);
        }

        if (keys.Pending is { } pending)
        {
            writer.WriteArrayHead(3);
            writer.WriteUInt64(pending.KeyNo);
            Write(ref writer, pending.Hpke.ExportPkcs8());
            if (pending.Identity is { } identity)
            {
                Write(ref writer, identity.ExportPkcs8());
            }
            else
            {
                writer.WriteNull();
            }
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteBytes(keys.Origin.First.Span);
        writer.WriteArrayHead(keys.Origin.Updates.Count);
        foreach (var update in keys.Origin.Updates)
        {
            writer.WriteBytes(update);
        }

        var encoded = output.WrittenSpan.ToArray();
        output.Clear();
        return encoded;
    }

    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out DeviceKeys? keys)
    {
        keys = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(9)
            || !reader.TryReadExpected(2)
            || !reader.TryReadPrincipalId(out var id)
            || !reader.TryReadUInt64(out var keyNo)
            || !reader.TryReadUInt64(out var changedAt, long.MaxValue)
            || !TryReadIdentity(ref reader, out var identity)
            || !reader.TryReadArrayHead(out var count, MaxKeys)
            || count == 0)
        {
            return false;
        }

        var hpke = new List<HpkeKeyEntry>(count);
        for (; count > 0; count--)
        {
            ulong retiredAt = 0;
            if (!reader.TryReadArray(2) || !TryReadHpke(ref reader, out var pair))
            {
                return false;
            }

            var current = reader.TryReadNull();
            if (!current && !reader.TryReadUInt64(out retiredAt, long.MaxValue))
            {
                return false;
            }

            hpke.Add(new HpkeKeyEntry(pair, current ? null : (long)retiredAt));
        }

        if (!TryReadPending(ref reader, out var pending) || !TryReadOrigin(ref reader, out var origin) || !reader.AtEnd)
        {
            return false;
        }

        keys = new DeviceKeys(id, keyNo, (long)changedAt, identity, hpke, pending, origin);
        return true;
    }

    private static bool TryReadOrigin(ref CborReader reader, [NotNullWhen(true)] out IdentityOrigin? origin)
    {
        origin = null;
        if (!reader.TryReadFixedBytes(WireLimits.PointBytes, out var first) || !reader.TryReadArrayHead(out var count, IdentityOrigin.MaxUpdates))
        {
            return false;
        }

        var updates = new List<byte[]>(count);
        for (; count > 0; count--)
        {
            if (!reader.TryReadBytes(out var update))
            {
                return false;
            }

            updates.Add(update.ToArray());
        }

        origin = new IdentityOrigin(first.ToArray(), updates);
        return true;
    }

    private static bool TryReadPending(ref CborReader reader, out PendingKeys? pending)
    {
        pending = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!reader.TryReadArray(3) || !reader.TryReadUInt64(out var keyNo) || !TryReadHpke(ref reader, out var hpke))
        {
            return false;
        }

        IdentityKey? identity = null;
        if (!reader.TryReadNull() && !TryReadIdentity(ref reader, out identity))
        {
            return false;
        }

        pending = new PendingKeys(keyNo, hpke, identity);
        return true;
    }

    private static bool TryReadIdentity(ref CborReader reader, [NotNullWhen(true)] out IdentityKey? key)
    {
        key = null;
        return reader.TryReadBytes(out var pkcs8, MaxPkcs8Bytes) && IdentityKey.TryImportPkcs8(pkcs8, out key);
    }

    private static bool TryReadHpke(ref CborReader reader, [NotNullWhen(true)] out HpkeKeyPair? key)
    {
        key = null;
        return reader.TryReadBytes(out var pkcs8, MaxPkcs8Bytes) && HpkeKeyPair.TryImportPkcs8(pkcs8, out key);
    }

    private static void Write(ref CborWriter writer, byte[] pkcs8)
    {
        writer.WriteBytes(pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
    }
}
