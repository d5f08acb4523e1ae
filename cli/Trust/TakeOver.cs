using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Trust;

/// <summary>The change by which a fleet whose root key the server holds becomes its owner's.</summary>
internal static class TakeOver
{
    /// <summary>What an owner may in a roster.</summary>
    public static IReadOnlyList<string> OwnerRoles { get; } = [Roles.Operator, Roles.Owner];

    /// <summary>The next root, signed by its own key alone (the server adds the signature of its old one), and the roster under it.</summary>
    /// <param name="trust">What devices trust now.</param>
    /// <param name="rootKey">Signs roots from now on.</param>
    /// <param name="ownerKey">Signs rosters from now on, and commands.</param>
    /// <param name="homes">Where devices look for a newer roster.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static TrustChange Plan(FleetTrust trust, IdentityKey rootKey, IdentityKey ownerKey, IReadOnlyList<string> homes, DateTimeOffset now)
    {
        if (rootKey.Public.Equals(ownerKey.Public))
        {
            throw new CliException(
                "--root-key and --owner-key are the same key. The owner's key is used often and is the one that gets lost or stolen; the root key replaces it then, "
                + "and so has to be another one, kept where nobody works. Make one: fleetctl key create root.pem");
        }

        if (!TrustHolder.IsServer(trust))
        {
            throw new CliException("The root key is not the server's any more, so there is nothing to take over. Whoever has it passes it on: fleetctl root rotate");
        }

        foreach (var key in trust.Root.Root.Keys.Concat(trust.Root.Owner.Keys).Concat(trust.Roster.Principals.Select(one => one.Identity)))
        {
            if (key.Equals(rootKey.Public) || key.Equals(ownerKey.Public))
            {
                throw new CliException($"The key {key} is in use in this fleet already, where the server could have it. Make new ones: fleetctl key create FILE");
            }
        }

        var issuedAt = SigningTime.After(now, trust.SignedAtUnixMs);
        var root = new RootContent(
            trust.Root.FleetId, Versions.After(trust.Root), issuedAt, new KeyRole(1, rootKey.Public), new KeyRole(1, ownerKey.Public));

        // Whatever else the server has put into its roster, it might use itself.
        var roster = RosterEdits.Next(
            trust.Roster,
            trust.Server.Id,
            [
                trust.Server with { Roles = [Roles.Server], NotAfterUnixMs = null },
                .. trust.Roster.Principals.Where(one => one.HasRole(Roles.Time) && one.Id != trust.Server.Id).Select(one => one with { Roles = [Roles.Time] }),
                new RosterPrincipal(PrincipalId.FromIdentityKey(ownerKey.Public), ownerKey.Public, [], OwnerRoles),
            ],
            now) with
        {
            RootVersion = root.Version,
            IssuedAtUnixMs = issuedAt,
            ExpiresAtUnixMs = null,
            Policy = Policy.Default,
            Homes = HomeList.Check(homes),
        };
        return new TrustChange([FleetRoot.Sign(root, rootKey)], RosterSigning.Sign(roster, root.Owner, [ownerKey]));
    }
}
