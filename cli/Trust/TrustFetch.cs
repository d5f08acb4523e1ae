using Messaging.Cli.Hosting;
using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>What is known after a server has answered.</summary>
/// <param name="Trust">The newest that this machine has ever seen: what changes begin with.</param>
/// <param name="ServerRoot">The version of the newest root that the server has.</param>
/// <param name="Note">What the owner should know; null: nothing.</param>
internal sealed record TrustFetch(FleetTrust Trust, ulong ServerRoot, string? Note)
{
    /// <summary>Judges an answer.</summary>
    /// <param name="answer">A bundle, from whoever answered.</param>
    /// <param name="fingerprint">Of the root that it has to rest on.</param>
    /// <param name="seen">What this machine has seen before; null: nothing.</param>
    /// <exception cref="CliException">It does not prove itself.</exception>
    public static TrustFetch Judge(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> fingerprint, FleetTrust? seen)
    {
        var verdict = FleetTrust.Begin(answer, fingerprint, out var answered);
        if (answered is null)
        {
            throw new CliException(Text(verdict));
        }

        if (seen is null)
        {
            return new TrustFetch(answered, answered.Root.Version, null);
        }

        verdict = seen.Next(answer, out var newest);
        return verdict switch
        {
            TrustVerdict.Applied or TrustVerdict.Known => new TrustFetch(newest, answered.Root.Version, null),

            // A stolen server could show a roster of before somebody was removed, and have an owner sign what comes after it.
            TrustVerdict.Older => new TrustFetch(
                seen,
                answered.Root.Version,
                $"the server shows root {answered.Root.Version}, roster {answered.Roster.Version}, notice {answered.Notice.Number}; this machine has seen "
                + $"{seen.Root.Version}, {seen.Roster.Version}, {seen.Notice.Number}. It was restored from a backup, or holds something back. Going by the newer one."),
            _ => throw new CliException($"{Text(verdict)} This machine has seen root {seen.Root.Version} of this fleet before."),
        };
    }

    private static string Text(TrustVerdict verdict) => verdict switch
    {
        TrustVerdict.Malformed => "The server does not answer with whom a fleet trusts. Is --url the address of a fleet server, of a version that has owners' keys?",
        TrustVerdict.UnknownRoot => "The server is of another fleet, or pretends: none of its roots has the fingerprint that was given (--fleet), or follows the one that is known.",
        TrustVerdict.RootNotSigned => "A root that the server shows is not signed by the root keys before it. Do not go on: somebody pretends.",
        TrustVerdict.RosterNotSigned => "The roster that the server shows is not signed by the fleet's owners. Do not go on: somebody pretends.",
        _ => "The notice that the server shows is not signed by a server of the roster. Do not go on: somebody pretends.",
    };
}
