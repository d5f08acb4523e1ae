using System.Formats.Asn1;
using System.Numerics;

namespace Messaging.Cli.Keys;

/// <summary>
/// What an EncryptedPrivateKeyInfo (RFC 5958, section 3) says of its encryption: it names how often the passphrase is hashed, and a file
/// that names two thousand million would keep the machine busy for hours.
/// </summary>
internal static class KeyEnvelope
{
    public const int MaxIterations = 10_000_000;

    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    /// <summary>True for PBES2 with PBKDF2 (RFC 8018) of at most <see cref="MaxIterations"/>, without anything behind it.</summary>
    public static bool IsAcceptable(ReadOnlyMemory<byte> der)
    {
        try
        {
            var file = new AsnReader(der, AsnEncodingRules.DER);
            var info = file.ReadSequence();
            file.ThrowIfNotEmpty();
            var encryption = info.ReadSequence();
            info.ReadOctetString();
            info.ThrowIfNotEmpty();
            if (encryption.ReadObjectIdentifier() != Pbes2)
            {
                return false;
            }

            var derivation = encryption.ReadSequence().ReadSequence();
            if (derivation.ReadObjectIdentifier() != Pbkdf2)
            {
                return false;
            }

            var parameters = derivation.ReadSequence();
            parameters.ReadOctetString();
            var iterations = parameters.ReadInteger();
            return iterations >= BigInteger.One && iterations <= MaxIterations;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
