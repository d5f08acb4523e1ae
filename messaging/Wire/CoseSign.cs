using System.Buffers;
using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>
/// A COSE_Sign message (RFC 9052, section 4.1) as it was received: one payload, the signatures of one to eight keys. The spans point into
/// the received bytes.
/// </summary>
public readonly ref struct CoseSign
{
    /// <summary>The most signatures that a message may have.</summary>
    public const int MaxSignatures = 8;

    private readonly ReadOnlySpan<byte> _signatures;

    internal CoseSign(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signatures, int count)
    {
        Payload = payload;
        _signatures = signatures;
        Count = count;
    }

    /// <summary>The signed payload. Not to be believed before <see cref="IsSignedBy"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>How many signatures there are.</summary>
    public int Count { get; }

    internal ReadOnlySpan<byte> EncodedSignatures => _signatures;

    /// <summary>True when the key signed exactly this payload under this label.</summary>
    /// <param name="key">The signer's key.</param>
    /// <param name="externalAad">The label that says what is signed, for example "messaging/1/roster".</param>
    public bool IsSignedBy(IdentityPublicKey key, ReadOnlySpan<byte> externalAad)
    {
        ArgumentNullException.ThrowIfNull(key);
        var wanted = Kid.OfSigner(key);
        var reader = new CborReader(_signatures);
        for (var i = 0; i < Count; i++)
        {
            if (!CoseSignReader.TryReadSignature(ref reader, out var kid, out var signature))
            {
                return false;
            }

            if (kid == wanted)
            {
                Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
                HashToBeSigned(externalAad, Payload, hash);
                return key.VerifyHash(hash, signature);
            }
        }

        return false;
    }

    /// <summary>Whose signatures there are said to be, ascending.</summary>
    public Kid[] Kids()
    {
        var kids = new Kid[Count];
        var reader = new CborReader(_signatures);
        for (var i = 0; i < Count && CoseSignReader.TryReadSignature(ref reader, out var kid, out _); i++)
        {
            kids[i] = kid;
        }

        return kids;
    }

    /// <summary>SHA-256 of the Sig_structure ["Signature", body_protected, sign_protected, external_aad, payload] (RFC 9052, section 4.4).</summary>
    internal static void HashToBeSigned(ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload, Span<byte> hash)
    {
        var context = "Signature"u8;
        var header = CoseSign1Reader.ProtectedHeader;
        var size = 1 + CborWriter.StringSize(context.Length) + CborWriter.StringSize(0) + CborWriter.StringSize(header.Length)
            + CborWriter.StringSize(externalAad.Length) + CborWriter.StringSize(payload.Length);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        var writer = new CborWriter(rented.AsSpan(0, size));
        writer.WriteArrayHead(5);
        writer.WriteUtf8(context);
        writer.WriteBytes([]);
        writer.WriteBytes(header);
        writer.WriteBytes(externalAad);
        writer.WriteBytes(payload);
        SHA256.HashData(rented.AsSpan(0, size), hash);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
