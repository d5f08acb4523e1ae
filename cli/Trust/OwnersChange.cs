using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Trust;

/// <summary>
/// The change by which owners come and go while the root keys stay. Of those who come only the public key is needed: a browser's never
/// leaves it.
/// </summary>
/// <param name="RootKeys">Of the root, as many as must sign.</param>
/// <param name="OwnerKeys">Of owners from then on, as many as must sign; none: the root keys among them.</param>
/// <param name="Added">Who comes.</param>
/// <param name="Removed">The fingerprints of who goes, 64 lower hexadecimal digits.</param>
internal sealed record OwnersChange(
    IReadOnlyList<IdentityKey> RootKeys, IReadOnlyList<IdentityKey> OwnerKeys, IReadOnlyList<IdentityPublicKey> Added, IReadOnlyList<string> Removed)
{
    /// <summary>The next root, and the roster under it.</summary>
    /// <param name="trust">What devices trust now.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public TrustChange Plan(FleetTrust trust, DateTimeOffset now)
    {
        if (TrustHolder.IsServer(trust))
        {
            throw new CliException("The server holds the root key. First take the fleet over: fleetctl trust take-over --root-key FILE --owner-key FILE");
        }

        if (Added.Count == 0 && Removed.Count == 0)
        {
            throw new CliException("Nothing would change: give --add PUBFILE or --remove FINGERPRINT.", ExitCodes.Usage);
        }

        var before = trust.Root;
        RosterSigning.RequireRole(before.Root, RootKeys, "roots", "--root-key");
        var owners = Owners(before.Owner);
        var signers = OwnerKeys.Count > 0 ? OwnerKeys : [.. RootKeys.Where(key => owners.Keys.Contains(key.Public))];
        var issuedAt = SigningTime.After(now, trust.SignedAtUnixMs);
        var root = before with { Version = Versions.After(before), IssuedAtUnixMs = issuedAt, Owner = owners };
        var roster = RosterEdits.Next(trust.Roster, trust.Server.Id, Principals(trust), now) with { RootVersion = root.Version, IssuedAtUnixMs = issuedAt };
        return new TrustChange([FleetRoot.Sign(root, RootKeys)], RosterSigning.Sign(roster, owners, signers));
    }

    /// <summary>As many must sign as before.</summary>
    private KeyRole Owners(KeyRole before)
    {
        if (Removed.FirstOrDefault(one => !before.Keys.Any(key => key.ToString() == one)) is { } stranger)
        {
            throw new CliException($"--remove {stranger}: no owner has a key of this fingerprint. The owners have: {string.Join(", ", before.Keys)}.");
        }

        if (Added.FirstOrDefault(before.Keys.Contains) is { } known)
        {
            throw new CliException($"--add: {known} is an owner's key already.");
        }

        List<IdentityPublicKey> keys = [.. before.Keys.Where(key => !Removed.Contains(key.ToString())), .. Added.Distinct()];
        return keys.Count >= before.Threshold && keys.Count <= KeyRole.MaxKeys
            ? new KeyRole(before.Threshold, keys)
            : throw new CliException($"Rosters take {before.Threshold} signatures here, and {keys.Count} owners' keys would be left; a root has at least as many, and at most {KeyRole.MaxKeys}.");
    }

    /// <summary>Who signs no rosters any more commands no devices either; who comes may do what owners may.</summary>
    private List<RosterPrincipal> Principals(FleetTrust trust)
    {
        List<RosterPrincipal> principals =
        [
            .. trust.Roster.Principals.Where(one => !Removed.Contains(one.Identity.ToString()))
                .Select(one => Added.Contains(one.Identity) ? one with { Roles = TakeOver.OwnerRoles, NotAfterUnixMs = null } : one),
        ];
        foreach (var key in Added.Distinct())
        {
            if (!principals.Any(one => one.Identity.Equals(key)))
            {
                principals.Add(new RosterPrincipal(PrincipalId.FromIdentityKey(key), key, [], TakeOver.OwnerRoles));
            }
        }

        return principals;
    }
}
