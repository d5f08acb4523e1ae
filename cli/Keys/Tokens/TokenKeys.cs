using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Crypto;
using Messaging.Wire;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Messaging.Cli.Keys.Tokens;

/// <summary>Keys in security tokens (PKCS #11): smart cards, USB keys, HSMs.</summary>
internal static class TokenKeys
{
    private const int IdBytes = 8;

    /// <summary>Logs in, and gives the key that signs there.</summary>
    /// <param name="ask">Asks for the PIN of what it is given the name of.</param>
    /// <exception cref="CliException">There is no such token or key, or it lets nobody in.</exception>
    public static IdentityKey Open(TokenUri uri, Func<string, Passphrase> ask) => Use(uri, writes: false, token =>
    {
        var pin = token.LogIn(ask);
        try
        {
            return Wrap(token, TokenObjects.PrivateKey(token, uri), uri, ref pin);
        }
        finally
        {
            Array.Clear(pin ?? []);
        }
    });

    /// <summary>Makes a key in the token.</summary>
    /// <inheritdoc cref="Open"/>
    public static IdentityPublicKey Create(TokenUri uri, Func<string, Passphrase> ask)
    {
        if (uri.Object is not { Length: > 0 } label)
        {
            throw new CliException($"A key in a token needs a name: {uri.Text};object=NAME", ExitCodes.Usage);
        }

        using var token = TokenSession.Open(uri, writes: true);
        return Guard(token, () =>
        {
            Array.Clear(token.LogIn(ask) ?? []);
            if (TokenObjects.Find(token.Session, CKO.CKO_PRIVATE_KEY, label, uri.Id).Count > 0)
            {
                throw new CliException($"The token {token.Info.Label} has a key {label}, and a key is never overwritten. Choose another name.");
            }

            return TokenObjects.PublicHalf(token, TokenObjects.Generate(token.Session, label, uri.Id ?? RandomNumberGenerator.GetBytes(IdBytes)), uri);
        });
    }

    /// <summary>The public half. Logs in only where the token hides it from others.</summary>
    /// <inheritdoc cref="Open"/>
    public static IdentityPublicKey Show(TokenUri uri, Func<string, Passphrase> ask)
    {
        using (var token = TokenSession.Open(uri, writes: false))
        {
            var shown = Guard(token, () => TokenObjects.Find(token.Session, CKO.CKO_PUBLIC_KEY, uri.Object, uri.Id));
            if (shown.Count == 1 && TokenObjects.TryPoint(token.Session, shown[0]) is { } key)
            {
                return key;
            }
        }

        using var opened = Open(uri, ask);
        return opened.Public;
    }

    /// <summary>All tokens of a library, with the keys that they show to whoever asks.</summary>
    /// <exception cref="CliException">The library cannot be loaded, or fails.</exception>
    public static IReadOnlyList<TokenView> List(TokenUri uri)
    {
        using var module = TokenModule.Open(uri.Module);
        var views = new List<TokenView>();
        foreach (var slot in module.Find(uri))
        {
            var info = slot.GetTokenInfo();
            try
            {
                using var session = slot.OpenSession(SessionType.ReadOnly);
                var keys = TokenObjects.Find(session, CKO.CKO_PUBLIC_KEY, uri.Object, uri.Id)
                    .Where(key => TokenObjects.TryPoint(session, key) is not null)
                    .Select(key => KeyView.Of(
                        TokenUri.Of(info.Label, info.SerialNumber, TokenObjects.Label(session, key), TokenObjects.Id(session, key), uri.Module), TokenObjects.TryPoint(session, key)!));
                views.Add(new TokenView(info.Label, info.Model, info.SerialNumber, [.. keys]));
            }
            catch (Pkcs11Exception e)
            {
                throw new CliException($"The token {info.Label} cannot be read: {e.RV}.");
            }
        }

        return views;
    }

    private static IdentityKey Use(TokenUri uri, bool writes, Func<TokenSession, IdentityKey> use)
    {
        var token = TokenSession.Open(uri, writes);
        try
        {
            return Guard(token, () => use(token));
        }
        catch
        {
            token.Dispose();
            throw;
        }
    }

    private static IdentityKey Wrap(TokenSession token, IObjectHandle key, TokenUri uri, ref byte[]? pin)
    {
        var publicKey = TokenObjects.PublicHalf(token, key, uri);
        var kept = TokenObjects.AlwaysAsks(token.Session, key) ? pin : null;
        var signer = new TokenEcdsa(token, key, publicKey, kept);
        if (kept is not null)
        {
            // Its signer's now, which erases it.
            pin = null;
        }

        return IdentityKey.Of(signer);
    }

    private static T Guard<T>(TokenSession token, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Pkcs11Exception e)
        {
            throw new CliException($"The token {token.Info.Label} refuses: {e.RV} ({e.Method}).");
        }
    }
}
