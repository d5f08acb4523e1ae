using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Enrolment;

/// <summary>
/// A device asks to be let in: sealed to the server's HPKE key, a COSE_Sign1 by the device's new identity key over [1, tokenId, secret,
/// deviceId, identityPoint, hpkePoint, nonce, [[key, value]...]].
/// </summary>
public sealed class EnrolRequest
{
    /// <summary>The nonce, in bytes.</summary>
    public const int NonceBytes = 16;

    private const int MaxFacts = 64;

    private EnrolRequest(
        ReadOnlyMemory<byte> tokenId, ReadOnlyMemory<byte> secret, PrincipalId deviceId, IdentityPublicKey identity,
        HpkePublicKey hpkeKey, ReadOnlyMemory<byte> nonce, IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        TokenId = tokenId;
        Secret = secret;
        DeviceId = deviceId;
        Identity = identity;
        HpkeKey = hpkeKey;
        Nonce = nonce;
        Facts = facts;
    }

    /// <summary>The token's public name, 16 bytes.</summary>
    public ReadOnlyMemory<byte> TokenId { get; }

    /// <summary>The token's secret, 16 bytes: compare it in constant time.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>The device: always the id of <see cref="Identity"/>.</summary>
    public PrincipalId DeviceId { get; }

    /// <summary>The device's identity key, which signed the request.</summary>
    public IdentityPublicKey Identity { get; }

    /// <summary>The device's HPKE key: the response is sealed to it.</summary>
    public HpkePublicKey HpkeKey { get; }

    /// <summary>16 random bytes, which the response repeats.</summary>
    public ReadOnlyMemory<byte> Nonce { get; }

    /// <summary>What the device says of itself: host name, operating system, ... At most 64 pairs.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/enrol-request"u8;

    /// <summary>Makes, signs and seals a request.</summary>
    /// <param name="token">The token.</param>
    /// <param name="identity">The device's identity key.</param>
    /// <param name="hpkeKey">The device's HPKE key.</param>
    /// <param name="server">The server's newest HPKE key, from a verified roster.</param>
    /// <param name="facts">What the device says of itself.</param>
    /// <param name="nonce">16 fresh random bytes, which <see cref="EnrolResponse.TryOpen"/> wants again.</param>
    public static byte[] Seal(
        EnrolmentToken token, IdentityKey identity, HpkePublicKey hpkeKey, HpkePublicKey server,
        IReadOnlyList<KeyValuePair<string, string>> facts, ReadOnlySpan<byte> nonce)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(hpkeKey);
        var payload = Payload(token, identity.Public, hpkeKey, facts, nonce.ToArray());
        var signed = CoseSign1Writer.Sign(identity, Label, payload);
        var request = SealedMessage.Seal(server, Label, signed);
        CryptographicOperations.ZeroMemory(payload);
        CryptographicOperations.ZeroMemory(signed);
        return request;
    }

    /// <summary>Opens a request with one of the server's HPKE keys and verifies that the key in it signed it.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> data, IReadOnlyList<HpkeKeyPair> server, [NotNullWhen(true)] out EnrolRequest? request)
    {
        request = null;
        if (!SealedMessage.TryOpen(data, server, Label, out var plaintext, out _))
        {
            return false;
        }

        var ok = CoseSign1Reader.TryRead(plaintext, out var message)
            && TryReadPayload(message.Payload, out request)
            && message.Verify(request.Identity, Label);
        CryptographicOperations.ZeroMemory(plaintext);
        request = ok ? request : null;
        return request is not null;
    }

    internal static byte[] Payload(
        EnrolmentToken token, IdentityPublicKey identity, HpkePublicKey hpkeKey, IReadOnlyList<KeyValuePair<string, string>> facts, byte[] nonce) =>
        MessageBuffer.Write((token, identity, hpkeKey, facts, nonce), static (all, ref writer) =>
        {
            writer.WriteArrayHead(8);
            writer.WriteUInt64(1);
            writer.WriteBytes(all.token.TokenId.Span);
            writer.WriteBytes(all.token.Secret.Span);
            writer.WritePrincipalId(PrincipalId.FromIdentityKey(all.identity));
            writer.WriteBytes(all.identity.Point);
            writer.WriteBytes(all.hpkeKey.Point);
            writer.WriteBytes(all.nonce);
            NamedTexts.Write(ref writer, all.facts, MaxFacts);
        });

    internal static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out EnrolRequest? request)
    {
        request = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(8)
            || !reader.TryReadExpected(1)
            || !reader.TryReadFixedBytes(EnrolmentToken.PartBytes, out var tokenId)
            || !reader.TryReadFixedBytes(EnrolmentToken.PartBytes, out var secret)
            || !reader.TryReadPrincipalId(out var deviceId)
            || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var identityPoint)
            || !IdentityPublicKey.TryImport(identityPoint, out var identity)
            || deviceId != PrincipalId.FromIdentityKey(identity)
            || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var hpkePoint)
            || !HpkePublicKey.TryImport(hpkePoint, out var hpkeKey)
            || !reader.TryReadFixedBytes(NonceBytes, out var nonce)
            || !NamedTexts.TryRead(ref reader, MaxFacts, out var facts)
            || !reader.AtEnd)
        {
            return false;
        }

        request = new EnrolRequest(tokenId.ToArray(), secret.ToArray(), deviceId, identity, hpkeKey, nonce.ToArray(), facts);
        return true;
    }
}
