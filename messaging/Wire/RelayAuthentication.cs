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

    /// <summary>
    /// The client's answer, the data of its AUTH packet: [signature(64)], or [signature(64), identityPoint(65)] from control, of whose
    /// key the relay knows only the fingerprint before.
    /// </summary>
    /// <param name="signature">The signature over the transcript.</param>
    /// <param name="controlKey">The key that made it, from control; null from everybody else.</param>
    public static byte[] EncodeResponse(ReadOnlySpan<byte> signature, IdentityPublicKey? controlKey = null)
    {
        var point = controlKey is null ? [] : controlKey.Point;
        var response = new byte[1 + CborWriter.StringSize(signature.Length) + (controlKey is null ? 0 : CborWriter.StringSize(point.Length))];
        var writer = new CborWriter(response);
        writer.WriteArrayHead(controlKey is null ? 1 : 2);
        writer.WriteBytes(signature);
        if (controlKey is not null)
        {
            writer.WriteBytes(point);
        }

        return response;
    }

    /// <summary>Reads the client's answer and verifies the signature in it. A key in the answer must be <paramref name="key"/>.</summary>
    public static bool VerifyResponse(ReadOnlySpan<byte> response, IdentityPublicKey key, RelayHello hello, RelayChallenge challenge)
    {
        ArgumentNullException.ThrowIfNull(key);
        return TryReadResponse(response, out var signature, out var point)
            && (point.IsEmpty || point.SequenceEqual(key.Point))
            && key.Verify(Transcript(hello, challenge), signature);
    }

    /// <summary>The key that control names in its answer; null when it names none or the answer cannot be read. It proves nothing yet.</summary>
    public static IdentityPublicKey? ReadControlKey(ReadOnlySpan<byte> response) =>
        TryReadResponse(response, out _, out var point) && IdentityPublicKey.TryImport(point, out var key) ? key : null;

    private static bool TryReadResponse(ReadOnlySpan<byte> response, out ReadOnlySpan<byte> signature, out ReadOnlySpan<byte> point)
    {
        signature = default;
        point = default;
        var reader = new CborReader(response);
        return reader.TryReadArrayHead(out var count, 2)
            && count >= 1
            && reader.TryReadFixedBytes(WireLimits.SignatureBytes, out signature)
            && (count == 1 || reader.TryReadFixedBytes(WireLimits.PointBytes, out point))
            && reader.AtEnd;
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
