namespace Messaging.Wire;

/// <summary>
/// How a client proves to a relay who it is, with MQTT 5 enhanced authentication: CONNECT carries a <see cref="RelayHello"/>, the relay
/// answers AUTH with a <see cref="RelayChallenge"/>, the client answers AUTH with its signature over the transcript of both.
/// </summary>
public static class RelayAuthentication
{
    /// <summary>The authentication method of the CONNECT and AUTH packets.</summary>
    public const string Method = "MESSAGING-ES256";

    /// <summary>The client's nonce, in bytes.</summary>
    public const int ClientNonceBytes = 16;

    /// <summary>The relay's nonce, in bytes.</summary>
    public const int ServerNonceBytes = 32;

    /// <summary>What the client signs: ["messaging/1/relay-auth", principalId, clientNonce, serverNonce, tlsSpkiSha256 | null].</summary>
    public static byte[] Transcript(RelayHello hello, RelayChallenge challenge)
    {
        ArgumentNullException.ThrowIfNull(hello);
        ArgumentNullException.ThrowIfNull(challenge);
        return MessageBuffer.Write((hello, challenge), static (both, ref writer) =>
        {
            writer.WriteArrayHead(5);
            writer.WriteUtf8("messaging/1/relay-auth"u8);
            writer.WritePrincipalId(both.hello.Principal);
            writer.WriteBytes(both.hello.ClientNonce);
            writer.WriteBytes(both.challenge.ServerNonce);
            WriteHashOrNull(ref writer, both.challenge.TlsSpkiSha256);
        });
    }

    /// <summary>The client's answer, the data of its AUTH packet: [signature(64)].</summary>
    public static byte[] EncodeResponse(ReadOnlySpan<byte> signature)
    {
        var response = new byte[1 + CborWriter.StringSize(signature.Length)];
        var writer = new CborWriter(response);
        writer.WriteArrayHead(1);
        writer.WriteBytes(signature);
        return response;
    }

    /// <summary>Reads the client's answer and verifies the signature in it.</summary>
    public static bool VerifyResponse(ReadOnlySpan<byte> response, IdentityPublicKey key, RelayHello hello, RelayChallenge challenge)
    {
        ArgumentNullException.ThrowIfNull(key);
        var reader = new CborReader(response);
        return reader.TryReadArray(1)
            && reader.TryReadFixedBytes(WireLimits.SignatureBytes, out var signature)
            && reader.AtEnd
            && key.Verify(Transcript(hello, challenge), signature);
    }

    internal static void WriteHashOrNull(ref CborWriter writer, byte[]? hash)
    {
        if (hash is null)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteBytes(hash);
        }
    }

    internal static bool TryReadHashOrNull(ref CborReader reader, out byte[]? hash)
    {
        hash = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!reader.TryReadFixedBytes(WireLimits.HashBytes, out var bytes))
        {
            return false;
        }

        hash = bytes.ToArray();
        return true;
    }
}
