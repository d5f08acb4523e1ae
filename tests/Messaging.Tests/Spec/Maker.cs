using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Spec;

/// <summary>The fixed keys of the vectors, and messages made with them that are the same each time.</summary>
internal static class Maker
{
    public static IReadOnlyList<(string Name, byte Scalar, string Use)> Keys { get; } =
    [
        ("device", 1, "identity of the device"),
        ("server", 2, "identity of the server"),
        ("root", 3, "root of the fleet"),
        ("device-hpke", 4, "HPKE key of the device"),
        ("server-hpke", 5, "HPKE key of the server"),
        ("ephemeral", 6, "ephemeral key of every HPKE seal; the second recipient's is ephemeral-2"),
        ("ephemeral-2", 7, "ephemeral key of the second recipient"),
        ("device-next", 8, "the device's next identity"),
        ("device-hpke-next", 9, "the device's next HPKE key"),
        ("time", 10, "identity that signs time beacons"),
        ("owner", 11, "an owner of the fleet"),
        ("owner-2", 12, "another owner"),
        ("root-next", 13, "the fleet's next root"),
        ("server-2", 14, "identity of another server"),
        ("server-2-hpke", 15, "HPKE key of the other server"),
    ];

    public static byte[] Scalar(string name) => Samples.Scalar(Keys.Single(key => key.Name == name).Scalar);

    public static IdentityPublicKey Identity(string name)
    {
        using var key = IdentityKey.FromScalar(Scalar(name));
        return key.Public;
    }

    public static HpkeKeyPair Hpke(string name) => HpkeKeyPair.FromScalar(Scalar(name));

    public static byte[] Sign(string key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> payload)
    {
        var hash = new byte[WireLimits.HashBytes];
        CoseSign1.HashToBeSigned(CoseSign1Reader.ProtectedHeader, label, payload, hash);
        return CoseSign1Writer.Assemble(payload, Rfc6979.SignHash(Scalar(key), hash));
    }

    public static byte[] SignAll(string[] keys, ReadOnlySpan<byte> label, ReadOnlySpan<byte> payload)
    {
        var hash = new byte[WireLimits.HashBytes];
        CoseSign.HashToBeSigned(label, payload, hash);
        return CoseSignWriter.Assemble(
            payload, [.. keys.Select(key => new KeyValuePair<Kid, byte[]>(Kid.OfSigner(Identity(key)), Rfc6979.SignHash(Scalar(key), hash)))]);
    }

    public static byte[] SignRaw(string key, ReadOnlySpan<byte> data) =>
        Rfc6979.SignHash(Scalar(key), System.Security.Cryptography.SHA256.HashData(data));

    public static byte[] Seal(string recipient, ReadOnlySpan<byte> info, ReadOnlySpan<byte> plaintext)
    {
        using var ephemeral = Hpke("ephemeral");
        using var key = Hpke(recipient);
        return SealedMessage.Seal(ephemeral, key.Public, info, plaintext);
    }

    /// <summary>The message with one byte changed.</summary>
    public static byte[] Changed(ReadOnlySpan<byte> message, int at, byte value)
    {
        var changed = message.ToArray();
        changed[at < 0 ? changed.Length + at : at] = value;
        return changed;
    }

    public static byte[] Flipped(ReadOnlySpan<byte> message, int at) => Changed(message, at, (byte)(message[at < 0 ? message.Length + at : at] ^ 1));
}
