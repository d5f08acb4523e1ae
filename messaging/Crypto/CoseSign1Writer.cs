using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>Writes COSE_Sign1 messages in the profile's form.</summary>
public static class CoseSign1Writer
{
    /// <summary>Signs a payload: [{1: -7} as bytes, {}, payload, signature].</summary>
    /// <param name="key">The signer's key.</param>
    /// <param name="externalAad">The label that says what is signed, for example "messaging/1/command".</param>
    /// <param name="payload">What is signed.</param>
    public static byte[] Sign(IdentityKey key, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        CoseSign1.HashToBeSigned(CoseSign1Reader.ProtectedHeader, externalAad, payload, hash);
        return Assemble(payload, key.SignHash(hash));
    }

    internal static byte[] Assemble(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        var header = CoseSign1Reader.ProtectedHeader;
        var message = new byte[2 + CborWriter.StringSize(header.Length) + CborWriter.StringSize(payload.Length) + CborWriter.StringSize(signature.Length)];
        var writer = new CborWriter(message);
        writer.WriteArrayHead(4);
        writer.WriteBytes(header);
        writer.WriteMapHead(0);
        writer.WriteBytes(payload);
        writer.WriteBytes(signature);
        return message;
    }
}
