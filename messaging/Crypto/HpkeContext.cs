using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>
/// The keys of one HPKE setup (RFC 9180, section 5.2). Messages are sealed, or opened, strictly in order. Not thread-safe.
/// Dispose erases the keys.
/// </summary>
public sealed class HpkeContext : IDisposable
{
    internal const int KeyBytes = 32;
    internal const int NonceBytes = 12;

    private readonly AesGcm _aead;
    private readonly byte[] _baseNonce;
    private readonly byte[] _exporterSecret;
    private ulong _seq;

    internal HpkeContext(ReadOnlySpan<byte> key, ReadOnlySpan<byte> baseNonce, ReadOnlySpan<byte> exporterSecret)
    {
        _aead = new AesGcm(key, WireLimits.TagBytes);
        _baseNonce = baseNonce.ToArray();
        _exporterSecret = exporterSecret.ToArray();
    }

    /// <summary>Seals the next message.</summary>
    /// <param name="aad">Authenticated, not encrypted.</param>
    /// <param name="plaintext">What to seal.</param>
    /// <param name="ciphertext">Receives the ciphertext with its tag: 16 bytes more than the plaintext.</param>
    public void Seal(ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        if (ciphertext.Length != plaintext.Length + WireLimits.TagBytes)
        {
            throw new ArgumentException("The ciphertext is 16 bytes longer than the plaintext.", nameof(ciphertext));
        }

        Span<byte> nonce = stackalloc byte[NonceBytes];
        NextNonce(nonce);
        _seq++;
        _aead.Encrypt(nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], aad);
    }

    /// <summary>Opens the next message. A message that does not open leaves the context where it was.</summary>
    /// <param name="aad">As given by the sender.</param>
    /// <param name="ciphertext">The ciphertext with its tag.</param>
    /// <param name="plaintext">Receives the plaintext: 16 bytes less than the ciphertext.</param>
    public bool TryOpen(ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        var length = ciphertext.Length - WireLimits.TagBytes;
        if (length < 0 || plaintext.Length != length)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[NonceBytes];
        NextNonce(nonce);
        try
        {
            _aead.Decrypt(nonce, ciphertext[..length], ciphertext[length..], plaintext, aad);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        _seq++;
        return true;
    }

    /// <summary>Derives a secret that both sides know (RFC 9180, section 5.3).</summary>
    /// <param name="exporterContext">What the secret is for.</param>
    /// <param name="output">Receives it: at most 8160 bytes.</param>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> output)
    {
        // RFC 5869 has nothing against 0 bytes; the platform has.
        if (!output.IsEmpty)
        {
            HpkeKdf.Expand(HpkeKdf.HpkeSuite, _exporterSecret, "sec"u8, exporterContext, output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aead.Dispose();
        CryptographicOperations.ZeroMemory(_baseNonce);
        CryptographicOperations.ZeroMemory(_exporterSecret);
    }

    private void NextNonce(Span<byte> nonce)
    {
        _baseNonce.CopyTo(nonce);
        var low = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _seq);
    }
}
