using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>
/// HPKE (RFC 9180), base mode, with the suite DHKEM(P-256, HKDF-SHA256) 0x0010, HKDF-SHA256 0x0001, AES-256-GCM 0x0002.
/// </summary>
public static class Hpke
{
    /// <summary>The encapsulated key that travels with a ciphertext: an uncompressed point, in bytes.</summary>
    public const int EncapsulatedBytes = WireLimits.PointBytes;

    /// <summary>Seals one message to a recipient (RFC 9180, section 6.1).</summary>
    /// <param name="recipient">Who can open it.</param>
    /// <param name="info">Binds the key to its use: both sides must give the same.</param>
    /// <param name="aad">Authenticated, not encrypted.</param>
    /// <param name="plaintext">What to seal.</param>
    /// <param name="encapsulated">Receives the encapsulated key, 65 bytes.</param>
    /// <param name="ciphertext">Receives the ciphertext with its tag: 16 bytes more than the plaintext.</param>
    public static void SealBase(
        HpkePublicKey recipient, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext,
        Span<byte> encapsulated, Span<byte> ciphertext)
    {
        using var ephemeral = HpkeKeyPair.Generate();
        SealBase(ephemeral, recipient, info, aad, plaintext, encapsulated, ciphertext);
    }

    /// <summary>Opens one message (RFC 9180, section 6.1). False when it was not sealed to this key with this info and aad.</summary>
    /// <param name="recipient">The recipient's key.</param>
    /// <param name="encapsulated">The encapsulated key; invalid points are refused.</param>
    /// <param name="info">As given by the sender.</param>
    /// <param name="aad">As given by the sender.</param>
    /// <param name="ciphertext">The ciphertext with its tag.</param>
    /// <param name="plaintext">Receives the plaintext: 16 bytes less than the ciphertext.</param>
    public static bool TryOpenBase(
        HpkeKeyPair recipient, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (!TrySetupBaseRecipient(recipient, encapsulated, info, out var context))
        {
            return false;
        }

        using (context)
        {
            return context.TryOpen(aad, ciphertext, plaintext);
        }
    }

    /// <summary>Sets up a context that can seal several messages in order (RFC 9180, section 5.1.1).</summary>
    /// <param name="recipient">Who can open them.</param>
    /// <param name="info">Binds the keys to their use.</param>
    /// <param name="encapsulated">Receives the encapsulated key, 65 bytes.</param>
    public static HpkeContext SetupBaseSender(HpkePublicKey recipient, ReadOnlySpan<byte> info, Span<byte> encapsulated)
    {
        using var ephemeral = HpkeKeyPair.Generate();
        return SetupBaseSender(ephemeral, recipient, info, encapsulated);
    }

    /// <summary>Sets up a context that can open several messages in order (RFC 9180, section 5.1.1).</summary>
    /// <param name="recipient">The recipient's key.</param>
    /// <param name="encapsulated">The encapsulated key; invalid points are refused.</param>
    /// <param name="info">As given by the sender.</param>
    /// <param name="context">The context.</param>
    public static bool TrySetupBaseRecipient(
        HpkeKeyPair recipient, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> info, [NotNullWhen(true)] out HpkeContext? context)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        context = HpkePublicKey.TryImport(encapsulated, out var ephemeral)
            ? Schedule(recipient.Agree(ephemeral), encapsulated, recipient.Public.Point, info)
            : null;
        return context is not null;
    }

    internal static void SealBase(
        HpkeKeyPair ephemeral, HpkePublicKey recipient, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext,
        Span<byte> encapsulated, Span<byte> ciphertext)
    {
        using var context = SetupBaseSender(ephemeral, recipient, info, encapsulated);
        context.Seal(aad, plaintext, ciphertext);
    }

    internal static HpkeContext SetupBaseSender(
        HpkeKeyPair ephemeral, HpkePublicKey recipient, ReadOnlySpan<byte> info, Span<byte> encapsulated)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        ephemeral.Public.Point.CopyTo(encapsulated);
        return Schedule(ephemeral.Agree(recipient), ephemeral.Public.Point, recipient.Point, info);
    }

    /// <summary>DeriveKeyPair of RFC 9180, section 7.1.3: deterministic keys for test vectors.</summary>
    internal static HpkeKeyPair DeriveKeyPair(ReadOnlySpan<byte> ikm)
    {
        Span<byte> prk = stackalloc byte[HpkeKdf.HashBytes];
        Span<byte> candidate = stackalloc byte[32];
        HpkeKdf.Extract(HpkeKdf.KemSuite, [], "dkp_prk"u8, ikm, prk);
        for (var counter = 0; counter <= byte.MaxValue; counter++)
        {
            HpkeKdf.Expand(HpkeKdf.KemSuite, prk, "candidate"u8, [(byte)counter], candidate);
            if (P256Scalar.IsInRange(candidate))
            {
                return HpkeKeyPair.FromScalar(candidate);
            }
        }

        throw new CryptographicException("DeriveKeyPairError (RFC 9180, section 7.1.3).");
    }

    /// <summary>ExtractAndExpand (section 4.1), then KeySchedule in base mode (section 5.1). Erases <paramref name="dh"/>.</summary>
    private static HpkeContext Schedule(byte[] dh, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> info)
    {
        Span<byte> kemContext = stackalloc byte[2 * WireLimits.PointBytes];
        encapsulated.CopyTo(kemContext);
        recipient.CopyTo(kemContext[WireLimits.PointBytes..]);

        Span<byte> prk = stackalloc byte[HpkeKdf.HashBytes];
        Span<byte> secret = stackalloc byte[HpkeKdf.HashBytes];
        HpkeKdf.Extract(HpkeKdf.KemSuite, [], "eae_prk"u8, dh, prk);
        HpkeKdf.Expand(HpkeKdf.KemSuite, prk, "shared_secret"u8, kemContext, secret);
        CryptographicOperations.ZeroMemory(dh);

        // mode_base || psk_id_hash || info_hash
        Span<byte> context = stackalloc byte[1 + (2 * HpkeKdf.HashBytes)];
        context[0] = 0;
        HpkeKdf.Extract(HpkeKdf.HpkeSuite, [], "psk_id_hash"u8, [], context.Slice(1, HpkeKdf.HashBytes));
        HpkeKdf.Extract(HpkeKdf.HpkeSuite, [], "info_hash"u8, info, context[(1 + HpkeKdf.HashBytes)..]);
        HpkeKdf.Extract(HpkeKdf.HpkeSuite, secret, "secret"u8, [], prk);
        CryptographicOperations.ZeroMemory(secret);

        Span<byte> keys = stackalloc byte[HpkeContext.KeyBytes + HpkeContext.NonceBytes + HpkeKdf.HashBytes];
        var key = keys[..HpkeContext.KeyBytes];
        var nonce = keys.Slice(HpkeContext.KeyBytes, HpkeContext.NonceBytes);
        var exporter = keys[(HpkeContext.KeyBytes + HpkeContext.NonceBytes)..];
        HpkeKdf.Expand(HpkeKdf.HpkeSuite, prk, "key"u8, context, key);
        HpkeKdf.Expand(HpkeKdf.HpkeSuite, prk, "base_nonce"u8, context, nonce);
        HpkeKdf.Expand(HpkeKdf.HpkeSuite, prk, "exp"u8, context, exporter);
        CryptographicOperations.ZeroMemory(prk);
        var result = new HpkeContext(key, nonce, exporter);
        CryptographicOperations.ZeroMemory(keys);
        return result;
    }
}
