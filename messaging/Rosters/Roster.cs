using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Rosters;

/// <summary>
/// Who is who in a fleet, signed by its root key: a COSE_Sign1 with the external_aad "messaging/1/roster" over [1, fleetId, version,
/// issuedAt, rootPoint, [principal...], [endpoint...], [tlsPin...]]. A device knows the root key by the fingerprint in its enrolment token.
/// </summary>
public sealed class Roster
{
    /// <summary>The most bytes that a roster may have.</summary>
    public const int MaxBytes = 192 * 1024;

    private const int MaxPrincipals = 256;
    private const int MaxHpkeKeys = 8;
    private const int MaxEndpoints = 16;

    private Roster(RosterContent content, IdentityPublicKey root, byte[] bytes)
    {
        Content = content;
        Root = root;
        Bytes = bytes;
    }

    /// <summary>What it says.</summary>
    public RosterContent Content { get; }

    /// <summary>The root key that signed it. Its fingerprint is the fleet's.</summary>
    public IdentityPublicKey Root { get; }

    /// <summary>The COSE_Sign1 as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/roster"u8;

    /// <summary>Signs a roster with the root key.</summary>
    public static Roster Sign(IdentityKey root, RosterContent content)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(content);
        var bytes = CoseSign1Writer.Sign(root, Label, Payload(root.Public, content));
        return bytes.Length <= MaxBytes
            ? new Roster(content, root.Public, bytes)
            : throw new ArgumentException("The roster has more than 192 KiB.", nameof(content));
    }

    /// <summary>Reads a roster and verifies that the pinned root key signed it. Its version is the caller's to compare.</summary>
    /// <param name="data">The COSE_Sign1.</param>
    /// <param name="rootFingerprint">SHA-256 of the root point, 32 bytes.</param>
    /// <param name="roster">The roster.</param>
    public static bool TryVerify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> rootFingerprint, [NotNullWhen(true)] out Roster? roster)
    {
        roster = null;
        if (data.Length > MaxBytes
            || !CoseSign1Reader.TryRead(data, out var message)
            || !TryReadPayload(message.Payload, out var content, out var root)
            || !root.Fingerprint.SequenceEqual(rootFingerprint)
            || !message.Verify(root, Label))
        {
            return false;
        }

        roster = new Roster(content, root, data.ToArray());
        return true;
    }

    internal static byte[] Payload(IdentityPublicKey root, RosterContent content) => MessageBuffer.Write((root, content), static (all, ref writer) =>
    {
        var content = all.content;
        writer.WriteArrayHead(8);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(content.FleetId);
        writer.WriteUInt64(content.Version);
        UnixTime.Write(ref writer, content.IssuedAtUnixMs);
        writer.WriteBytes(all.root.Point);
        writer.WriteArrayHead(content.Principals.Count, MaxPrincipals);
        foreach (var principal in content.Principals)
        {
            writer.WriteArrayHead(4);
            writer.WritePrincipalId(principal.Id);
            writer.WriteBytes(principal.Identity.Point);
            writer.WriteArrayHead(principal.HpkeKeys.Count, MaxHpkeKeys);
            foreach (var key in principal.HpkeKeys)
            {
                writer.WriteBytes(key.Point);
            }

            TextList.Write(ref writer, principal.Roles, 16, 64);
        }

        TextList.Write(ref writer, content.Endpoints, MaxEndpoints, 512);
        writer.WriteArrayHead(content.TlsPins.Count, MaxEndpoints);
        foreach (var pin in content.TlsPins)
        {
            writer.WriteBytes(pin);
        }
    });

    internal static bool TryReadPayload(
        ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RosterContent? content, [NotNullWhen(true)] out IdentityPublicKey? root)
    {
        content = null;
        root = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(8)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var fleetId)
            || !reader.TryReadUInt64(out var version)
            || !UnixTime.TryRead(ref reader, out var issuedAt)
            || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
            || !IdentityPublicKey.TryImport(point, out root)
            || !TryReadPrincipals(ref reader, out var principals)
            || !TextList.TryRead(ref reader, MaxEndpoints, 512, out var endpoints)
            || !TryReadPins(ref reader, out var pins)
            || !reader.AtEnd)
        {
            return false;
        }

        content = new RosterContent(fleetId, version, issuedAt, principals, endpoints, pins);
        return true;
    }

    private static bool TryReadPrincipals(ref CborReader reader, out RosterPrincipal[] principals)
    {
        principals = [];
        if (!reader.TryReadArrayHead(out var count, MaxPrincipals))
        {
            return false;
        }

        var read = new RosterPrincipal[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(4)
                || !reader.TryReadPrincipalId(out var id)
                || ContainsId(read.AsSpan(0, i), id)
                || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
                || !IdentityPublicKey.TryImport(point, out var identity)
                || !TryReadHpkeKeys(ref reader, out var keys)
                || !TextList.TryRead(ref reader, 16, 64, out var roles))
            {
                return false;
            }

            read[i] = new RosterPrincipal(id, identity, keys, roles);
        }

        principals = read;
        return true;
    }

    private static bool TryReadHpkeKeys(ref CborReader reader, out HpkePublicKey[] keys)
    {
        keys = [];
        if (!reader.TryReadArrayHead(out var count, MaxHpkeKeys))
        {
            return false;
        }

        var read = new HpkePublicKey[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadFixedBytes(WireLimits.PointBytes, out var point) || !HpkePublicKey.TryImport(point, out var key))
            {
                return false;
            }

            read[i] = key;
        }

        keys = read;
        return true;
    }

    private static bool TryReadPins(ref CborReader reader, out byte[][] pins)
    {
        pins = [];
        if (!reader.TryReadArrayHead(out var count, MaxEndpoints))
        {
            return false;
        }

        var read = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadFixedBytes(WireLimits.HashBytes, out var pin))
            {
                return false;
            }

            read[i] = pin.ToArray();
        }

        pins = read;
        return true;
    }

    private static bool ContainsId(Span<RosterPrincipal> principals, PrincipalId id)
    {
        foreach (var principal in principals)
        {
            if (principal.Id == id)
            {
                return true;
            }
        }

        return false;
    }
}
