using Messaging.Cli.Hosting;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Cli.Rosters;

/// <summary>Signs rosters, and says beforehand what devices would refuse.</summary>
internal static class RosterSigning
{
    /// <param name="content">What is signed.</param>
    /// <param name="owners">The role of the root that the roster is under.</param>
    /// <param name="keys">Of owners.</param>
    /// <exception cref="CliException">The keys are not the owners', or too few.</exception>
    public static Roster Sign(RosterContent content, KeyRole owners, IReadOnlyList<IdentityKey> keys)
    {
        RequireRole(owners, keys, "rosters", "--owner-key");
        try
        {
            return Roster.Sign(content, keys);
        }
        catch (ArgumentException)
        {
            throw new CliException($"The roster would have more than {Roster.MaxBytes} bytes. Remove principals, roles or homes.");
        }
    }

    /// <summary>Refuses keys that do not fulfil a role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="keys">Who signs.</param>
    /// <param name="what">What the role signs.</param>
    /// <param name="option">Where the keys come from.</param>
    /// <exception cref="CliException">One is not of the role, is there twice, or they are too few.</exception>
    public static void RequireRole(KeyRole role, IReadOnlyList<IdentityKey> keys, string what, string option)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i].Public;
            if (!role.Keys.Contains(key))
            {
                throw new CliException($"The key of {option} ({key}) is none of those that sign {what}: {string.Join(", ", role.Keys)}.");
            }

            if (keys.Take(i).Any(other => other.Public.Equals(key)))
            {
                throw new CliException($"{option} names the same key twice ({key}).");
            }
        }

        if (keys.Count < role.Threshold)
        {
            throw new CliException($"{what[..1].ToUpperInvariant()}{what[1..]} take {role.Threshold} signatures here, of {role.Keys.Count} keys: give {option} {role.Threshold} times.");
        }
    }
}
