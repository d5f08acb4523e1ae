using System.Text;
using Messaging.Cli.Hosting;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Messaging.Cli.Keys.Tokens;

/// <summary>A session with one token. Dispose ends it.</summary>
internal sealed class TokenSession : IDisposable
{
    private readonly TokenModule _module;
    private readonly ISlot _slot;

    private TokenSession(TokenModule module, ISlot slot, ISession session)
    {
        _module = module;
        _slot = slot;
        Session = session;
        Info = slot.GetTokenInfo();
    }

    public ISession Session { get; }

    public ITokenInfo Info { get; }

    /// <summary>The one token that is meant.</summary>
    /// <exception cref="CliException">There is none, or several.</exception>
    public static TokenSession Open(TokenUri uri, bool writes)
    {
        var module = TokenModule.Open(uri.Module);
        try
        {
            var slots = module.Find(uri);
            return slots.Count switch
            {
                0 => throw new CliException($"There is no token for {uri.Text}: plug it in, or see what there is with: fleetctl key tokens"),
                1 => new TokenSession(module, slots[0], slots[0].OpenSession(writes ? SessionType.ReadWrite : SessionType.ReadOnly)),
                _ => throw new CliException(
                    $"{uri.Text} may be one of {slots.Count} tokens: {string.Join(", ", slots.Select(static slot => slot.GetTokenInfo()).Select(static token => $"token={token.Label};serial={token.SerialNumber}"))}. Name the serial too."),
            };
        }
        catch (Pkcs11Exception e)
        {
            module.Dispose();
            throw new CliException($"The token of {uri.Text} cannot be opened: {e.RV}.");
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Logs in as the token's user. A wrong PIN is not tried again: the token counts, and locks itself.</summary>
    /// <param name="ask">Asks for the PIN; not called where the token has keys for it.</param>
    /// <returns>The PIN, for keys that want it for each signature; the caller erases it. Null: none was typed here.</returns>
    /// <exception cref="CliException">It is refused.</exception>
    public byte[]? LogIn(Func<string, Passphrase> ask)
    {
        byte[]? pin = null;
        try
        {
            if (Info.TokenFlags.UserPinLocked)
            {
                throw new CliException($"The PIN of the token {Info.Label} is locked: too many wrong ones were tried. Its security officer can set a new one.");
            }

            if (!Info.TokenFlags.LoginRequired)
            {
                return null;
            }

            if (!Info.TokenFlags.ProtectedAuthenticationPath)
            {
                using var typed = ask($"the token {Info.Label}{(Info.TokenFlags.UserPinFinalTry ? " (the last try before it locks itself)" : "")}");
                pin = Encoding.UTF8.GetBytes(typed.Text.ToArray());
            }

            Session.Login(CKU.CKU_USER, pin);
            return pin;
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // By another key of this token: logging in is for all sessions of a program.
            return pin;
        }
        catch (Pkcs11Exception e)
        {
            Array.Clear(pin ?? []);
            throw new CliException(e.RV switch
            {
                CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE =>
                    $"The PIN is not that of the token {Info.Label}{(_slot.GetTokenInfo().TokenFlags.UserPinFinalTry ? "; one more wrong one locks it" : "")}.",
                CKR.CKR_PIN_LOCKED => $"The PIN of the token {Info.Label} is locked: too many wrong ones were tried. Its security officer can set a new one.",
                _ => $"The token {Info.Label} lets nobody in: {e.RV}.",
            });
        }
    }

    public void Dispose()
    {
        Session.Dispose();
        _module.Dispose();
    }
}
