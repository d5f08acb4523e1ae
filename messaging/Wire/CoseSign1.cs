using System.Buffers;
using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>A COSE_Sign1 message (RFC 9052, section 4.2) as it was received. The spans point into the received bytes.</summary>
public readonly ref struct CoseSign1
{
    internal CoseSign1(ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        ProtectedHeader = protectedHeader;
        Payload = payload;
        Signature = signature;
    }

    /// <summary>The content of the protected header's byte string.</summary>
    public ReadOnlySpan<byte> ProtectedHeader { get; }

    /// <summary>The signed payload. Not to be believed before <see cref="Verify"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The ES256 signature, r || s, 64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; }

    /// <summary>Verifies the signature over the received bytes; nothing is encoded again.</summary>
    /// <param name="key">The signer's key.</param>
    /// <param name="externalAad">The label that says what is signed, for example "messaging/1/command".</param>
    public bool Verify(IdentityPublicKey key, ReadOnlySpan<byte> externalAad)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        HashToBeSigned(ProtectedHeader, externalAad, Payload, hash);
        return key.VerifyHash(hash, Signature);
    }

    /// <summary>SHA-256 of the Sig_structure ["Signature1", protected, external_aad, payload] (RFC 9052, section 4.4).</summary>
    internal static void HashToBeSigned(
        ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload, Span<byte> hash)
    {
        var context = "Signature1"u8;
        var size = 1 + CborWriter.StringSize(context.Length) + CborWriter.StringSize(protectedHeader.Length)
            + CborWriter.StringSize(externalAad.Length) + CborWriter.StringSize(payload.Length);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        var writer = new CborWriter(rented.AsSpan(0, size));
        writer.WriteArrayHead(4);
        writer.WriteUtf8(context);
        writer.WriteBytes(protectedHeader);
        writer.WriteBytes(externalAad);
        writer.WriteBytes(payload);
        SHA256.HashData(rented.AsSpan(0, size), hash);

        // An enrolment's payload carries a secret.
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }
}
