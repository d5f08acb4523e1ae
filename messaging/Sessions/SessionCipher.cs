using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>One direction of a session: packets under strictly rising numbers, which are never used twice. Not thread-safe.</summary>
internal sealed class SessionCipher : IDisposable
{
    public const int KeyBytes = 32;
    public const int NonceBytes = 12;

    /// <summary>The kind, and the number as 8 bytes.</summary>
    public const int HeaderBytes = 9;

    /// <summary>So many packets under one key are far below what AES-GCM takes (NIST SP 800-38D, section 8).</summary>
    public const ulong MaxNumber = 1UL << 32;

    private readonly AesGcm _aead;
    private readonly byte[] _baseNonce;

    /// <param name="keys">Key and base nonce, 44 bytes.</param>
    public SessionCipher(ReadOnlySpan<byte> keys)
    {
        _aead = new AesGcm(keys[..KeyBytes], WireLimits.TagBytes);
        _baseNonce = keys.Slice(KeyBytes, NonceBytes).ToArray();
    }

    /// <summary>kind || number || ciphertext || tag.</summary>
    public byte[] Seal(ulong number, ReadOnlySpan<byte> plaintext)
    {
        var packet = new byte[HeaderBytes + plaintext.Length + WireLimits.TagBytes];
        packet[0] = (byte)SessionPacketKind.Sealed;
        BinaryPrimitives.WriteUInt64BigEndian(packet.AsSpan(1), number);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(number, nonce);
        _aead.Encrypt(
            nonce, plaintext, packet.AsSpan(HeaderBytes, plaintext.Length), packet.AsSpan(HeaderBytes + plaintext.Length), packet.AsSpan(0, HeaderBytes));
        return packet;
    }

    /// <summary>The number that a packet claims; false when it is too short to be one.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> packet, out ulong number)
    {
        number = 0;
        if (packet.Length < HeaderBytes + WireLimits.TagBytes || packet[0] != (byte)SessionPacketKind.Sealed)
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt64BigEndian(packet[1..]);
        return number is > 0 and <= MaxNumber;
    }

    /// <param name="number">What the packet claims.</param>
    /// <param name="packet">As it came.</param>
    /// <param name="plaintext">As long as the ciphertext without its tag.</param>
    public bool TryOpen(ulong number, ReadOnlySpan<byte> packet, Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(number, nonce);
        try
        {
            _aead.Decrypt(nonce, packet.Slice(HeaderBytes, plaintext.Length), packet[(HeaderBytes + plaintext.Length)..], plaintext, packet[..HeaderBytes]);
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

    private void Nonce(ulong number, Span<byte> nonce)
    {
        _baseNonce.CopyTo(nonce);
        var low = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ number);
    }
}
