using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>A client's first word, the authentication data of its CONNECT packet: [1, principalId, clientNonce(16)].</summary>
/// <param name="Principal">Who wants to connect.</param>
/// <param name="ClientNonce">16 fresh random bytes.</param>
public sealed record RelayHello(PrincipalId Principal, byte[] ClientNonce)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (hello, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(hello.Principal);
        writer.WriteBytes(hello.ClientNonce);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RelayHello? hello)
    {
        hello = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var principal)
            || !reader.TryReadFixedBytes(RelayAuthentication.ClientNonceBytes, out var nonce)
            || !reader.AtEnd)
        {
            return false;
        }

        hello = new RelayHello(principal, nonce.ToArray());
        return true;
    }
}
