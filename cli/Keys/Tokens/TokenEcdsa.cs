using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Wire;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Messaging.Cli.Keys.Tokens;

/// <summary>ES256 by a token: the private half stays there. Dispose ends the session.</summary>
/// <param name="token">The session, logged in.</param>
/// <param name="key">The private key.</param>
/// <param name="publicKey">Its public half.</param>
/// <param name="pin">For keys that want it for each signature, else null. It is erased by Dispose.</param>
internal sealed class TokenEcdsa(TokenSession token, IObjectHandle key, IdentityPublicKey publicKey, byte[]? pin) : ECDsa
{
    public override int KeySize => 256;

    /// <returns>r || s, 64 bytes: what CKM_ECDSA gives (PKCS #11 3.1, section 6.3.12) and ES256 wants.</returns>
    /// <exception cref="CliException">The token refuses, or signs with another key than its public half says.</exception>
    public override byte[] SignHash(byte[] hash)
    {
        try
        {
            var mechanism = TokenModule.Factories.MechanismFactory.Create(CKM.CKM_ECDSA);
            var signature = pin is null ? token.Session.Sign(mechanism, key, hash) : token.Session.Sign(mechanism, key, pin, hash);
            return VerifyHash(hash, signature)
                ? signature
                : throw new CliException($"The token {token.Info.Label} signs with another key than the public one that it shows: devices would refuse it.");
        }
        catch (Pkcs11Exception e)
        {
            throw new CliException($"The token {token.Info.Label} does not sign: {e.RV}. Is it plugged in, and does it want to be touched?");
        }
    }

    public override bool VerifyHash(byte[] hash, byte[] signature)
    {
        using var verifier = Create(ExportParameters(includePrivateParameters: false));
        return verifier.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <exception cref="CryptographicException">The private half is asked for.</exception>
    public override ECParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters
        ? throw new CryptographicException("The private half of a key in a token cannot be had.")
        : new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = publicKey.Point[1..33].ToArray(), Y = publicKey.Point[33..].ToArray() },
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Array.Clear(pin ?? []);
            token.Dispose();
        }

        base.Dispose(disposing);
    }
}
