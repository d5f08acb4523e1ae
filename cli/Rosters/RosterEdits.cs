using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Cli.Rosters;

/// <summary>Changes of a roster, as functions from one to the next. What would lock people or devices out is refused, with its reason.</summary>
internal static class RosterEdits
{
    private const int MaxPrincipals = 256;
    private const int MaxRoles = 16;
    private const int MaxRoleBytes = 64;

    /// <summary>Adds a principal, or sets roles and end of one that is there.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="server">The server that the notice is of.</param>
    /// <param name="principal">Who.</param>
    /// <param name="replace">Whether one that is there is meant.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent Add(RosterContent roster, PrincipalId server, RosterPrincipal principal, bool replace, DateTimeOffset now)
    {
        CheckRoles(principal.Roles);
        var known = roster.Principals.FirstOrDefault(one => one.Id == principal.Id || one.Identity.Equals(principal.Identity));
        if (known is null)
        {
            if (replace)
            {
                throw new CliException($"Roster {roster.Version} does not name {principal.Id}, so there is nothing to replace: leave --replace out.");
            }

            return roster.Principals.Count < MaxPrincipals
                ? Next(roster, server, [.. roster.Principals, principal], now)
                : throw new CliException($"A roster names at most {MaxPrincipals} principals. Remove one first: fleetctl roster remove");
        }

        if (!replace)
        {
            throw new CliException(
                $"Roster {roster.Version} names {known.Id} already, with the roles {string.Join(", ", known.Roles)}. To set roles and end anew, add --replace.");
        }

        // Its place stays: of two servers, devices go by the first. So do its id and its other keys.
        return Next(
            roster,
            server,
            [.. roster.Principals.Select(one => one == known ? known with { Roles = principal.Roles, NotAfterUnixMs = principal.NotAfterUnixMs } : one)],
            now);
    }

    /// <summary>Removes a principal.</summary>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent Remove(RosterContent roster, PrincipalId server, PrincipalId principal, DateTimeOffset now) =>
        roster.Find(principal) is not null
            ? Next(roster, server, [.. roster.Principals.Where(one => one.Id != principal)], now)
            : throw new CliException($"Roster {roster.Version} does not name {principal}. Who is in it shows: fleetctl trust show");

    /// <summary>The same for as long again as it was meant for; one without an end has none again.</summary>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent Renew(RosterContent roster, PrincipalId server, DateTimeOffset now)
    {
        var next = Next(roster, server, roster.Principals, now);
        return roster.ExpiresAtUnixMs is { } end ? next with { ExpiresAtUnixMs = next.IssuedAtUnixMs + Math.Max(0, end - roster.IssuedAtUnixMs) } : next;
    }

    /// <summary>The same with another end.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="server">The server that the notice is of.</param>
    /// <param name="end">Unix milliseconds; null: never.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent RenewUntil(RosterContent roster, PrincipalId server, long? end, DateTimeOffset now)
    {
        var next = Next(roster, server, roster.Principals, now);
        return end <= next.IssuedAtUnixMs
            ? throw new CliException($"A roster that expired at {TerminalText.Time(end.Value)} would let nobody but servers command. Give a later end.")
            : next with { ExpiresAtUnixMs = end };
    }

    /// <summary>The next version, with other principals.</summary>
    /// <exception cref="CliException">It would lock somebody out.</exception>
    public static RosterContent Next(RosterContent roster, PrincipalId server, IReadOnlyList<RosterPrincipal> principals, DateTimeOffset now)
    {
        var next = Successor(roster, principals, now);
        return roster.Find(server) is { } before && !(next.Find(server) is { } after && after.HasRole(Roles.Server) && after.Identity.Equals(before.Identity))
            ? throw new CliException(
                $"{server} is the server that the fleet's notice is of. Without it (and its role {Roles.Server}) in the roster, devices would take no notice any more: "
                + "nobody could tell them where to connect. For another server in its place: fleetctl roster replace-server")
            : next;
    }

    /// <summary>Puts another server in the place of the one that the notice is of, and another time key in the place of its own.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="server">The server that the notice is of.</param>
    /// <param name="next">The identity key of the other one.</param>
    /// <param name="time">Its time key.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent ReplaceServer(
        RosterContent roster, PrincipalId server, IdentityPublicKey next, IdentityPublicKey time, DateTimeOffset now)
    {
        foreach (var key in (ReadOnlySpan<IdentityPublicKey>)[next, time])
        {
            if (roster.Principals.FirstOrDefault(one => one.Identity.Equals(key)) is { } known)
            {
                throw new CliException(
                    $"Roster {roster.Version} names {known.Id} with this key already ({key}). Give the keys of the new server: fleet-server keys renew shows where they are.");
            }
        }

        if (next.Equals(time))
        {
            throw new CliException("--server-key and --time-key are the same key. A server has both: fleet-server keys renew shows where they are.");
        }

        List<RosterPrincipal> principals = [];
        foreach (var one in roster.Principals)
        {
            if (one.Id == server)
            {
                principals.Add(new RosterPrincipal(PrincipalId.FromIdentityKey(next), next, [], [Roles.Server]));
            }
            else if (!one.HasRole(Roles.Time))
            {
                principals.Add(one);
            }
        }

        // Whoever has the server has its time key too, and would tell devices what time it is.
        principals.Add(new RosterPrincipal(PrincipalId.FromIdentityKey(time), time, [], [Roles.Time]));
        return Successor(roster, principals, now);
    }

    private static RosterContent Successor(RosterContent roster, IReadOnlyList<RosterPrincipal> principals, DateTimeOffset now)
    {
        if (roster.Version == ulong.MaxValue)
        {
            throw new CliException("The roster has the highest version that there is. A new root begins anew: fleetctl root rotate");
        }

        var issuedAt = SigningTime.After(now, roster.IssuedAtUnixMs);
        var next = roster with { Version = roster.Version + 1, IssuedAtUnixMs = issuedAt, Principals = principals };
        return !HasOwner(roster, issuedAt) || HasOwner(next, issuedAt)
            ? next
            : throw new CliException(
                "That would leave no owner in the roster: nobody could have devices do what takes one, such as changing their keys. Add another owner first: fleetctl roster add --role owner");
    }

    private static bool HasOwner(RosterContent roster, long atMs) =>
        roster.Principals.Any(one => one.HasRole(Roles.Owner) && !(one.NotAfterUnixMs <= atMs));

    private static void CheckRoles(IReadOnlyList<string> roles)
    {
        if (roles.Count is 0 or > MaxRoles)
        {
            throw new CliException($"A principal has 1 to {MaxRoles} roles: --role operator, --role owner, or what the fleet's policy names.", ExitCodes.Usage);
        }

        foreach (var role in roles)
        {
            if (Encoding.UTF8.GetByteCount(role) is 0 or > MaxRoleBytes || role.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            {
                throw new CliException($"A role has 1 to {MaxRoleBytes} bytes and no spaces: --role operator.", ExitCodes.Usage);
            }
        }

        if (roles.Distinct(StringComparer.Ordinal).Count() != roles.Count)
        {
            throw new CliException("A role is there twice.", ExitCodes.Usage);
        }
    }
}
