using Messaging.Rosters;

namespace Messaging.Commands;

/// <summary>Finds out who has signed a command.</summary>
public static class CommandSigners
{
    /// <summary>
    /// Checks every signature of a command against a roster. Each must be right: one of a stranger, or one over other bytes, spoils it.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="roster">Who is who.</param>
    /// <param name="signers">Those who signed it, the issuer first, none twice, each with another key.</param>
    public static CommandSignature Find(Command command, RosterContent roster, out IReadOnlyList<RosterPrincipal> signers)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(roster);
        signers = [];
        if (roster.Find(command.Content.IssuerId) is not { } issuer)
        {
            return CommandSignature.UnknownIssuer;
        }

        if (!command.Verify(issuer.Identity))
        {
            return CommandSignature.Forged;
        }

        var found = new List<RosterPrincipal>(Math.Max(1, command.Signatures)) { issuer };
        foreach (var kid in command.SignerKids())
        {
            if (kid == Wire.Kid.OfSigner(issuer.Identity))
            {
                continue;
            }

            RosterPrincipal? signer = null;
            foreach (var principal in roster.Principals)
            {
                if (kid == Wire.Kid.OfSigner(principal.Identity))
                {
                    signer = principal;
                    break;
                }
            }

            if (signer is null)
            {
                return CommandSignature.UnknownSigner;
            }

            if (!command.Verify(signer.Identity))
            {
                return CommandSignature.ForgedToo;
            }

            found.Add(signer);
        }

        signers = found;
        return CommandSignature.Right;
    }
}
