using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// The beginning of all trust in a fleet: a COSE_Sign with the external_aad "messaging/1/root" over [1, fleetId, version, issuedAt,
/// rootRole, ownerRole]. What TUF calls root metadata (TUF 1.0, section 4.3). A device knows one version by the fingerprint in its
/// enrolment token, and each next one because the keys before it have signed it.
/// </summary>
public sealed class FleetRoot
{
    /// <summary>The most bytes that a root may have.</summary>
    public const int MaxBytes = 4096;

    private readonly byte[] _fingerprint;

    private FleetRoot(RootContent content, ReadOnlySpan<byte> payload, byte[] bytes)
    {
        Content = content;
        Bytes = bytes;
        _fingerprint = SHA256.HashData(payload);
    }

    /// <summary>What it says.</summary>
    public RootContent Content { get; }

    /// <summary>The COSE_Sign as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of the payload, 32 bytes: what tokens carry. Who signed it makes no difference to it.</summary>
    public ReadOnlySpan<byte> Fingerprint => _fingerprint;

    internal static ReadOnlySpan<byte> Label => "messaging/1/root"u8;

    /// <summary>Signs a root.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="keys">Keys of this root and, for a version above 1, of the one before.</param>
    public static FleetRoot Sign(RootContent content, params IReadOnlyList<IdentityKey> keys)
    {
        ArgumentNullException.ThrowIfNull(content);
        var payload = Payload(content);
        return new FleetRoot(content, payload, CoseSignWriter.Sign(keys, Label, payload));
    }

    /// <summary>Adds the signature of one more key.</summary>
    /// <exception cref="InvalidOperationException">It has all the signatures that it may have.</exception>
    public FleetRoot SignToo(IdentityKey key) => WithSignatureOf(key)
        ?? throw new InvalidOperationException($"A root has at most {CoseSign.MaxSignatures} signatures.");

    /// <summary>The root with the signature of one more key; null when it has all the signatures that it may have.</summary>
    public FleetRoot? WithSignatureOf(IdentityKey key) =>
        CoseSignWriter.TryAdd(Bytes.Span, key, Label, out var signed) && TryRead(signed, out var root) ? root : null;

    /// <summary>Reads a root. Who signed it is for <see cref="IsSignedBy"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FleetRoot? root)
    {
        root = data.Length <= MaxBytes && CoseSignReader.TryRead(data, out var message) && TryReadPayload(message.Payload, out var content)
            ? new FleetRoot(content, message.Payload, data.ToArray())
            : null;
        return root is not null;
    }

    /// <summary>True when as many keys of the role as must have signed exactly these bytes as a root.</summary>
    public bool IsSignedBy(KeyRole role)
    {
        ArgumentNullException.ThrowIfNull(role);
        return CoseSignReader.TryRead(Bytes.Span, out var message) && role.IsFulfilledBy(message, Label);
    }

    /// <summary>True when this is the version after another one, and both the old keys and the new ones say so (TUF 1.0, section 5.3).</summary>
    public bool Follows(FleetRoot before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Content.FleetId == before.Content.FleetId
            && Content.Version == before.Content.Version + 1
            && before.Content.Version != ulong.MaxValue
            && IsSignedBy(before.Content.Root)
            && IsSignedBy(Content.Root);
    }

    internal static void WriteAll(ref CborWriter writer, IReadOnlyList<FleetRoot> roots)
    {
        writer.WriteArrayHead(roots.Count, TrustBundle.MaxRoots);
        foreach (var root in roots)
        {
            writer.WriteBytes(root.Bytes.Span);
        }
    }

    internal static bool TryReadAll(ref CborReader reader, out FleetRoot[] roots)
    {
        roots = [];
        if (!reader.TryReadArrayHead(out var count, TrustBundle.MaxRoots))
        {
            return false;
        }

        var read = new FleetRoot[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes(out var bytes, MaxBytes) || !TryRead(bytes, out var root))
            {
                return false;
            }

            read[i] = root;
        }

        roots = read;
        return true;
    }

    internal static byte[] Payload(RootContent content) => MessageBuffer.Write(content, static (root, ref writer) =>
    {
        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(root.FleetId);
        writer.WriteUInt64(root.Version);
        UnixTime.Write(ref writer, root.IssuedAtUnixMs);
        root.Root.Write(ref writer);
        root.Owner.Write(ref writer);
    });

    internal static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RootContent? content)
    {
        content = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var fleetId)
            || !reader.TryReadUInt64(out var version)
            || version == 0
            || !UnixTime.TryRead(ref reader, out var issuedAt)
            || !KeyRole.TryRead(ref reader, out var root)
            || !KeyRole.TryRead(ref reader, out var owner)
            || !reader.AtEnd)
        {
            return false;
        }

        content = new RootContent(fleetId, version, issuedAt, root, owner);
        return true;
    }
}
