using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>
/// The keys of one stream of one epoch: HKDF-Expand(epochSecret, label || streamId as 4 bytes big-endian, 44) = key(32) || baseNonce(12).
/// Not thread-safe. Sealing and opening allocate nothing.
/// </summary>
internal sealed class RecordCipher : IDisposable
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;

    private readonly AesGcm _aead;
    private readonly byte[] _baseNonce = new byte[NonceBytes];

    public RecordCipher(ReadOnlySpan<byte> epochSecret, uint streamId)
    {
        Span<byte> info = stackalloc byte[EpochLabels.Record.Length + sizeof(uint)];
        EpochLabels.Record.CopyTo(info);
        BinaryPrimitives.WriteUInt32BigEndian(info[EpochLabels.Record.Length..], streamId);
        Span<byte> keys = stackalloc byte[KeyBytes + NonceBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, epochSecret, keys, info);
        _aead = new AesGcm(keys[..KeyBytes], WireLimits.TagBytes);
        keys[KeyBytes..].CopyTo(_baseNonce);
        CryptographicOperations.ZeroMemory(keys);
    }

    public void Seal(ulong seq, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(seq, nonce);
        _aead.Encrypt(nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], aad);
    }

    public bool TryOpen(ulong seq, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(seq, nonce);
        try
        {
            _aead.Decrypt(nonce, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], plaintext, aad);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _aead.Dispose();
        CryptographicOperations.ZeroMemory(_baseNonce);
    }

    /// <summary>The base nonce XOR the sequence number, as RFC 9052, section 3.1, says of partial IVs.</summary>
    private void Nonce(ulong seq, Span<byte> nonce)
    {
        _baseNonce.CopyTo(nonce);
        var low = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ seq);
    }
}
