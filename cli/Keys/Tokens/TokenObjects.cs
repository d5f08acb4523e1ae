using System.Formats.Asn1;
using Messaging.Cli.Hosting;
using Messaging.Wire;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;

namespace Messaging.Cli.Keys.Tokens;

/// <summary>Keys on P-256 in a token.</summary>
internal static class TokenObjects
{
    /// <summary>1.2.840.10045.3.1.7, DER (RFC 5480, section 2.1.1.1).</summary>
    private static readonly byte[] P256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

    private static IObjectAttributeFactory Make => TokenModule.Factories.ObjectAttributeFactory;

    /// <summary>The keys of a kind that <paramref name="uri"/> may mean.</summary>
    public static IReadOnlyList<IObjectHandle> Find(ISession session, CKO kind, string? label, byte[]? id)
    {
        var wanted = new List<IObjectAttribute> { Make.Create(CKA.CKA_CLASS, kind), Make.Create(CKA.CKA_KEY_TYPE, CKK.CKK_EC) };
        if (label is not null)
        {
            wanted.Add(Make.Create(CKA.CKA_LABEL, label));
        }

        if (id is not null)
        {
            wanted.Add(Make.Create(CKA.CKA_ID, id));
        }

        return session.FindAllObjects(wanted);
    }

    /// <summary>The one private key that is meant.</summary>
    /// <exception cref="CliException">There is none, or several.</exception>
    public static IObjectHandle PrivateKey(TokenSession token, TokenUri uri)
    {
        var keys = Find(token.Session, CKO.CKO_PRIVATE_KEY, uri.Object, uri.Id);
        return keys.Count switch
        {
            1 => keys[0],
            0 => throw new CliException($"The token {token.Info.Label} has no key for {uri.Text}. Make one: fleetctl key create 'pkcs11:token={token.Info.Label};object=NAME'"),
            _ => throw new CliException(
                $"{uri.Text} may be one of {keys.Count} keys: {string.Join(", ", keys.Select(key => TokenUri.Of(token.Info.Label, token.Info.SerialNumber, Label(token.Session, key), Id(token.Session, key), uri.Module)))}"),
        };
    }

    public static string? Label(ISession session, IObjectHandle key) => Get(session, key, CKA.CKA_LABEL) is { CannotBeRead: false } label ? label.GetValueAsString() : null;

    public static byte[]? Id(ISession session, IObjectHandle key) => Octets(session, key, CKA.CKA_ID) is { Length: > 0 } id ? id : null;

    /// <summary>True when each signature wants the PIN anew, as in PIV's slot 9c.</summary>
    public static bool AlwaysAsks(ISession session, IObjectHandle key) =>
        Get(session, key, CKA.CKA_ALWAYS_AUTHENTICATE) is { CannotBeRead: false } flag && flag.GetValueAsByteArray() is { Length: > 0 } && flag.GetValueAsBool();

    /// <summary>The public half of a private key: by an object of the same id, which most tokens have, or from the key itself.</summary>
    /// <exception cref="CliException">There is none, or it is not on P-256.</exception>
    public static IdentityPublicKey PublicHalf(TokenSession token, IObjectHandle privateKey, TokenUri uri)
    {
        var id = Id(token.Session, privateKey);
        var twins = id is null ? [] : Find(token.Session, CKO.CKO_PUBLIC_KEY, label: null, id);
        foreach (var candidate in twins.Append(privateKey))
        {
            if (TryPoint(token.Session, candidate) is { } key)
            {
                return key;
            }
        }

        throw new CliException($"The key of {uri.Text} is not on the curve P-256, or the token does not show its public half.");
    }

    /// <summary>Null: it is not on P-256, or not told.</summary>
    public static IdentityPublicKey? TryPoint(ISession session, IObjectHandle key)
    {
        if (Octets(session, key, CKA.CKA_EC_PARAMS) is not { } curve || !curve.AsSpan().SequenceEqual(P256) || Octets(session, key, CKA.CKA_EC_POINT) is not { Length: > 0 } point)
        {
            return null;
        }

        // PKCS #11 says: a DER OCTET STRING of the point. Some tokens give the point itself.
        try
        {
            if (IdentityPublicKey.TryImport(AsnDecoder.ReadOctetString(point, AsnEncodingRules.DER, out _), out var wrapped))
            {
                return wrapped;
            }
        }
        catch (AsnContentException)
        {
            // Then it is not wrapped.
        }

        return IdentityPublicKey.TryImport(point, out var bare) ? bare : null;
    }

    /// <summary>Makes a key that never leaves the token.</summary>
    /// <exception cref="Pkcs11Exception">The token refuses.</exception>
    public static IObjectHandle Generate(ISession session, string label, byte[] id)
    {
        session.GenerateKeyPair(
            TokenModule.Factories.MechanismFactory.Create(CKM.CKM_EC_KEY_PAIR_GEN),
            [
                Make.Create(CKA.CKA_TOKEN, true), Make.Create(CKA.CKA_VERIFY, true), Make.Create(CKA.CKA_LABEL, label), Make.Create(CKA.CKA_ID, id),
                Make.Create(CKA.CKA_EC_PARAMS, P256),
            ],
            [
                Make.Create(CKA.CKA_TOKEN, true), Make.Create(CKA.CKA_PRIVATE, true), Make.Create(CKA.CKA_SENSITIVE, true), Make.Create(CKA.CKA_EXTRACTABLE, false),
                Make.Create(CKA.CKA_SIGN, true), Make.Create(CKA.CKA_LABEL, label), Make.Create(CKA.CKA_ID, id),
            ],
            out _,
            out var privateKey);
        return privateKey;
    }

    private static byte[]? Octets(ISession session, IObjectHandle key, CKA attribute) => Get(session, key, attribute) is { CannotBeRead: false } value ? value.GetValueAsByteArray() : null;

    private static IObjectAttribute Get(ISession session, IObjectHandle key, CKA attribute) => session.GetAttributeValue(key, [attribute])[0];
}
