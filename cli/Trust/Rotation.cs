using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Trust;

/// <summary>The change by which other keys take the place of the root's, and of the owners' if need be.</summary>
/// <param name="RootKeys">Of the present root, as many as must sign.</param>
/// <param name="NewRootKeys">Of the next root.</param>
/// <param name="NewOwnerKeys">Of the next root's owners; none: the owners stay.</param>
/// <param name="OwnerKeys">Of the present owners; needed when they stay.</param>
internal sealed record Rotation(
    IReadOnlyList<IdentityKey> RootKeys, IReadOnlyList<IdentityKey> NewRootKeys, IReadOnlyList<IdentityKey> NewOwnerKeys, IReadOnlyList<IdentityKey> OwnerKeys)
{
    /// <summary>The next root, signed by the old keys and the new ones, and the roster under it.</summary>
    /// <param name="trust">What devices trust now.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public TrustChange Plan(FleetTrust trust, DateTimeOffset now)
    {
        if (TrustHolder.IsServer(trust))
        {
            throw new CliException("The server holds the root key. First take the fleet over: fleetctl trust take-over --root-key FILE --owner-key FILE");
        }

        var before = trust.Root;
        RosterSigning.RequireRole(before.Root, RootKeys, "roots", "--root-key");
        if (NewRootKeys.FirstOrDefault(key => before.Root.Keys.Contains(key.Public)) is { } old)
        {
            throw new CliException($"--new-root-key {old.Public} is a root key already. Make a new one: fleetctl key create FILE");
        }

        var roots = Role(before.Root.Threshold, NewRootKeys, "--new-root-key");
        var owners = NewOwnerKeys.Count == 0 ? before.Owner : Role(before.Owner.Threshold, NewOwnerKeys, "--new-owner-key");
        if (roots.Keys.Intersect(owners.Keys).FirstOrDefault() is { } both)
        {
            throw new CliException(
                $"The key {both} would be a root key and an owner's. The root key replaces an owner's that was lost or stolen, and so has to be another one.");
        }

        if (RootKeys.Count + NewRootKeys.Count > CoseSign.MaxSignatures)
        {
            throw new CliException($"A root has at most {CoseSign.MaxSignatures} signatures, of the old and the new keys together.");
        }

        var issuedAt = SigningTime.After(now, trust.SignedAtUnixMs);
        var root = new RootContent(before.FleetId, Versions.After(before), issuedAt, roots, owners);
        var roster = RosterEdits.Next(trust.Roster, trust.Server.Id, Principals(trust, owners), now) with
        {
            RootVersion = root.Version,
            IssuedAtUnixMs = issuedAt,
        };
        return new TrustChange(
            [FleetRoot.Sign(root, [.. RootKeys, .. NewRootKeys])],
            RosterSigning.Sign(roster, owners, NewOwnerKeys.Count == 0 ? OwnerKeys : NewOwnerKeys));
    }

    /// <summary>Who signs no rosters any more, because the key was lost or stolen, commands no devices either.</summary>
    private static List<RosterPrincipal> Principals(FleetTrust trust, KeyRole owners)
    {
        List<RosterPrincipal> principals =
        [
            .. trust.Roster.Principals.Where(one => owners.Keys.Contains(one.Identity) || !trust.Root.Owner.Keys.Contains(one.Identity)),
        ];
        foreach (var key in owners.Keys)
        {
            if (!trust.Root.Owner.Keys.Contains(key) && !principals.Any(one => one.Identity.Equals(key)))
            {
                principals.Add(new RosterPrincipal(PrincipalId.FromIdentityKey(key), key, [], TakeOver.OwnerRoles));
            }
        }

        return principals;
    }

    /// <summary>As many must sign as before.</summary>
    private static KeyRole Role(int threshold, IReadOnlyList<IdentityKey> keys, string option)
    {
        if (keys.Count < threshold)
        {
            throw new CliException($"As many keys must sign as before, {threshold}: give {option} at least {threshold} times.");
        }

        if (keys.Count > KeyRole.MaxKeys || keys.Select(key => key.Public).Distinct().Count() != keys.Count)
        {
            throw new CliException($"{option} is there more than {KeyRole.MaxKeys} times, or names the same key twice.");
        }

        return new KeyRole(threshold, [.. keys.Select(key => key.Public)]);
    }
}
