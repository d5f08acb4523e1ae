using Messaging.Cli.Hosting;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>Which roots of a repository are the fleet's, whoever shows them.</summary>
internal static class RepositoryRoots
{
    /// <summary>Begins with the newest root that the fleet's root keys have signed, and goes on from there.</summary>
    /// <param name="roots">From the first to the newest.</param>
    /// <param name="fleet">Whom the fleet trusts.</param>
    /// <param name="seen">What this machine has seen before; null: nothing.</param>
    /// <param name="note">What the owner should know; null: nothing.</param>
    /// <exception cref="CliException">They are not the fleet's, or other ones than were seen before.</exception>
    public static RepositoryTrust Verify(IReadOnlyList<byte[]> roots, FleetTrust fleet, SeenVersions? seen, out string? note)
    {
        try
        {
            var anchor = Anchor(roots, fleet, out note);
            var trust = RepositoryTrust.Begin(roots[anchor]);
            foreach (var next in roots.Skip(anchor + 1))
            {
                trust.TakeRoot(next);
            }

            note = Compare(roots, trust.Root, seen) ?? note;
            return trust;
        }
        catch (TufException e)
        {
            throw new CliException($"The roots of the repository that the server shows do not prove themselves ({e.Message}). Do not go on: somebody pretends, or the server is damaged.");
        }
    }

    /// <summary>The root itself, by its digest.</summary>
    public static string Digest(ReadOnlySpan<byte> root) => TufDocument.Parse(root, "root").Digest;

    private static int Anchor(IReadOnlyList<byte[]> roots, FleetTrust fleet, out string? note)
    {
        note = null;
        for (var i = roots.Count - 1; i >= 0; i--)
        {
            if (RepositoryAnchor.IsSignedBy(roots[i], fleet.Root.Root))
            {
                return i;
            }
        }

        // The fleet's root is another one since, and the repository's has not followed yet.
        foreach (var older in fleet.Bundle.Roots.Reverse())
        {
            for (var i = roots.Count - 1; i >= 0; i--)
            {
                if (RepositoryAnchor.IsSignedBy(roots[i], older.Content.Root))
                {
                    note = $"the repository's root is signed by the fleet's root {older.Content.Version}, and not by root {fleet.Root.Version} of today: devices that are new cannot begin with it. "
                        + "Sign another one: fleetctl artifact root";
                    return i;
                }
            }
        }

        throw new CliException("No root key of the fleet has signed the repository that the server shows. Do not go on: somebody pretends.");
    }

    private static string? Compare(IReadOnlyList<byte[]> roots, RootMetadata newest, SeenVersions? seen)
    {
        if (seen is null)
        {
            return null;
        }

        if (seen.Root > newest.Version)
        {
            return $"the server shows root {newest.Version} of the repository, and this machine has seen root {seen.Root}: it was restored from a backup, or holds something back";
        }

        return Digest(roots[(int)seen.Root - 1]) == seen.RootDigest
            ? null
            : throw new CliException($"The server shows another root {seen.Root} of the repository than this machine has seen, signed by the same keys: somebody else has them. Do not go on.");
    }
}
