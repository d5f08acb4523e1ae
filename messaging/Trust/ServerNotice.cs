using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// What a server may say by itself, without the fleet's owner: where it is and what to seal to. A COSE_Sign with the external_aad
/// "messaging/1/notice" by its identity key over [1, fleetId, server, number, issuedAt, rootVersion, rosterVersion, [hpkePoint...],
/// [endpoint...], [tlsPin...]].
/// </summary>
public sealed class ServerNotice
{
    /// <summary>The most bytes that a notice may have.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxHpkeKeys = 8;
    private const int MaxEndpoints = 16;
    private const int MaxEndpointBytes = 512;

    private ServerNotice(NoticeContent content, byte[] bytes)
    {
        Content = content;
        Bytes = bytes;
    }

    /// <summary>What it says. Not to be believed before <see cref="IsSignedBy"/>.</summary>
    public NoticeContent Content { get; }

    /// <summary>The COSE_Sign as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    internal static ReadOnlySpan<byte> Label => "messaging/1/notice"u8;

    /// <summary>Signs a notice.</summary>
    /// <param name="key">The server's identity key.</param>
    /// <param name="content">What it says.</param>
    public static ServerNotice Sign(IdentityKey key, NoticeContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.HpkeKeys.Count == 0
            ? throw new ArgumentException("A notice names at least one key to seal to.", nameof(content))
            : new ServerNotice(content, CoseSignWriter.Sign([key], Label, Payload(content)));
    }

    /// <summary>Reads a notice. Its signature is checked by <see cref="IsSignedBy"/>, once the server's key is known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ServerNotice? notice)
    {
        notice = data.Length <= MaxBytes && CoseSignReader.TryRead(data, out var message) && TryReadPayload(message.Payload, out var content)
            ? new ServerNotice(content, data.ToArray())
            : null;
        return notice is not null;
    }

    /// <summary>True when the key signed exactly these bytes as a notice.</summary>
    public bool IsSignedBy(IdentityPublicKey server) => CoseSignReader.TryRead(Bytes.Span, out var message) && message.IsSignedBy(server, Label);

    internal static byte[] Payload(NoticeContent content) => MessageBuffer.Write(content, static (notice, ref writer) =>
    {
        writer.WriteArrayHead(10);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(notice.FleetId);
        writer.WritePrincipalId(notice.Server);
        writer.WriteUInt64(notice.Number);
        UnixTime.Write(ref writer, notice.IssuedAtUnixMs);
        writer.WriteUInt64(notice.RootVersion);
        writer.WriteUInt64(notice.RosterVersion);
        HpkeKeyList.Write(ref writer, notice.HpkeKeys, MaxHpkeKeys);
        TextList.Write(ref writer, notice.Endpoints, MaxEndpoints, MaxEndpointBytes);
        HashList.Write(ref writer, notice.TlsPins, MaxEndpoints);
    });

    internal static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out NoticeContent? content)
    {
        content = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(10)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var fleetId)
            || !reader.TryReadPrincipalId(out var server)
            || !reader.TryReadUInt64(out var number)
            || !UnixTime.TryRead(ref reader, out var issuedAt)
            || !reader.TryReadUInt64(out var rootVersion)
            || !reader.TryReadUInt64(out var rosterVersion)
            || !HpkeKeyList.TryRead(ref reader, MaxHpkeKeys, out var keys)
            || keys.Length == 0
            || !TextList.TryRead(ref reader, MaxEndpoints, MaxEndpointBytes, out var endpoints)
            || !HashList.TryRead(ref reader, MaxEndpoints, out var pins)
            || !reader.AtEnd)
        {
            return false;
        }

        content = new NoticeContent(fleetId, server, number, issuedAt, rootVersion, rosterVersion, keys, endpoints, pins);
        return true;
    }
}
