using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Artifacts;

/// <summary>Whose a key is, for people: metadata knows numbers alone.</summary>
internal static class KeyNames
{
    public static string Of(IdentityPublicKey key, FleetTrust fleet)
    {
        var names = new List<string>();
        if (fleet.Root.Root.Keys.Contains(key))
        {
            names.Add("a root key of the fleet");
        }

        if (fleet.Root.Owner.Keys.Contains(key))
        {
            names.Add("an owner's key");
        }

        if (names.Count == 0 && fleet.Roster.Principals.FirstOrDefault(one => one.Identity.Equals(key)) is { } principal)
        {
            names.Add(principal.Roles.Count == 0 ? "in the roster, without a role" : $"in the roster as {string.Join(", ", principal.Roles)}");
        }

        return names.Count == 0 ? $"{key} (not in the roster)" : $"{key} ({string.Join(", ", names)})";
    }

    public static string Of(KeyRole role, FleetTrust fleet) => role.Keys.Count == 1
        ? Of(role.Keys[0], fleet)
        : $"{role.Threshold} of {role.Keys.Count}: {string.Join(", ", role.Keys.Select(key => Of(key, fleet)))}";
}
