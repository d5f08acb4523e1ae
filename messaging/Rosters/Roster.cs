using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Rosters;

/// <summary>
/// Who is who in a fleet, signed by its owners: a COSE_Sign with the external_aad "messaging/1/roster" over [2, fleetId, rootVersion,
/// version, issuedAt, expiresAt, [principal...], [rule...], [home...]]. Which keys the owners' are, the root says.
/// </summary>
public sealed class Roster
{
    /// <summary>The most bytes that a roster may have.</summary>
    public const int MaxBytes = 160 * 1024;

    private const int MaxPrincipals = 256;
    private const int MaxHpkeKeys = 8;
    private const int MaxRoles = 16;
    private const int MaxRoleBytes = 64;
    private const int MaxHomes = 16;
    private const int MaxHomeBytes = 512;

    private Roster(RosterContent content, byte[] bytes)
    {
        Content = content;
        Bytes = bytes;
    }

    /// <summary>What it says. Not to be believed before <see cref="IsSignedBy"/>.</summary>
    public RosterContent Content { get; }

    /// <summary>The COSE_Sign as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    internal static ReadOnlySpan<byte> Label => "messaging/1/roster"u8;

    /// <summary>Signs a roster.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="keys">Owners' keys, as many as the root asks for.</param>
    public static Roster Sign(RosterContent content, params IReadOnlyList<IdentityKey> keys)
    {
        ArgumentNullException.ThrowIfNull(content);
        var bytes = CoseSignWriter.Sign(keys, Label, Payload(content));
        return bytes.Length <= MaxBytes
            ? new Roster(content, bytes)
            : throw new ArgumentException("The roster has more than 160 KiB.", nameof(content));
    }

    /// <summary>Adds the signature of one more owner.</summary>
    /// <exception cref="InvalidOperationException">It has all the signatures that it may have.</exception>
    public Roster SignToo(IdentityKey key) =>
        CoseSignWriter.TryAdd(Bytes.Span, key, Label, out var signed) && TryRead(signed, out var roster)
            ? roster
            : throw new InvalidOperationException($"A roster has at most {CoseSign.MaxSignatures} signatures.");

    /// <summary>Reads a roster. Who signed it is for <see cref="IsSignedBy"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out Roster? roster)
    {
        roster = data.Length <= MaxBytes && CoseSignReader.TryRead(data, out var message) && TryReadPayload(message.Payload, out var content)
            ? new Roster(content, data.ToArray())
            : null;
        return roster is not null;
    }

    /// <summary>True when as many keys of the role as must have signed exactly these bytes as a roster.</summary>
    public bool IsSignedBy(KeyRole owners)
    {
        ArgumentNullException.ThrowIfNull(owners);
        return CoseSignReader.TryRead(Bytes.Span, out var message) && owners.IsFulfilledBy(message, Label);
    }

    internal static byte[] Payload(RosterContent content) => MessageBuffer.Write(content, static (roster, ref writer) =>
    {
        writer.WriteArrayHead(9);
        writer.WriteUInt64(2);
        writer.WritePrincipalId(roster.FleetId);
        writer.WriteUInt64(roster.RootVersion);
        writer.WriteUInt64(roster.Version);
        UnixTime.Write(ref writer, roster.IssuedAtUnixMs);
        UnixTime.WriteOrNull(ref writer, roster.ExpiresAtUnixMs);
        writer.WriteArrayHead(roster.Principals.Count, MaxPrincipals);
        foreach (var principal in roster.Principals)
        {
            writer.WriteArrayHead(5);
            writer.WritePrincipalId(principal.Id);
            writer.WriteBytes(principal.Identity.Point);
            HpkeKeyList.Write(ref writer, principal.HpkeKeys, MaxHpkeKeys);
            TextList.Write(ref writer, principal.Roles, MaxRoles, MaxRoleBytes);
            UnixTime.WriteOrNull(ref writer, principal.NotAfterUnixMs);
        }

        roster.Policy.Write(ref writer);
        TextList.Write(ref writer, roster.Homes, MaxHomes, MaxHomeBytes);
    });

    internal static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RosterContent? content)
    {
        content = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(9)
            || !reader.TryReadExpected(2)
            || !reader.TryReadPrincipalId(out var fleetId)
            || !reader.TryReadUInt64(out var rootVersion)
            || !reader.TryReadUInt64(out var version)
            || !UnixTime.TryRead(ref reader, out var issuedAt)
            || !UnixTime.TryReadOrNull(ref reader, out var expiresAt)
            || !TryReadPrincipals(ref reader, out var principals)
            || !Policy.TryRead(ref reader, out var policy)
            || !TextList.TryRead(ref reader, MaxHomes, MaxHomeBytes, out var homes)
            || !reader.AtEnd)
        {
            return false;
        }

        content = new RosterContent(fleetId, rootVersion, version, issuedAt, expiresAt, principals, policy, homes);
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
            if (!reader.TryReadArray(5)
                || !reader.TryReadPrincipalId(out var id)
                || ContainsId(read.AsSpan(0, i), id)
                || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
                || !IdentityPublicKey.TryImport(point, out var identity)
                || !HpkeKeyList.TryRead(ref reader, MaxHpkeKeys, out var keys)
                || !TextList.TryRead(ref reader, MaxRoles, MaxRoleBytes, out var roles)
                || !UnixTime.TryReadOrNull(ref reader, out var notAfter))
            {
                return false;
            }

            read[i] = new RosterPrincipal(id, identity, keys, roles, notAfter);
        }

        principals = read;
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
